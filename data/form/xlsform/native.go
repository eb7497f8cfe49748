package xlsform

import (
	"bytes"
	"encoding/json"
)

// The native format as FORMAT.md has it.
type (
	document struct {
		Format    string            `json:"format"`
		ID        string            `json:"id"`
		Version   string            `json:"version"`
		Languages []string          `json:"languages"`
		Title     texts             `json:"title"`
		Legal     []string          `json:"legal,omitempty"`
		Origin    string            `json:"origin,omitempty"`
		Lists     map[string]*list  `json:"lists,omitempty"`
		Groups    []*group          `json:"groups"`
		Proofs    []*proof          `json:"proofs,omitempty"`
		Roles     map[string]string `json:"roles,omitempty"`
		Rules     []*rule           `json:"rules,omitempty"`
	}
	list struct {
		Choices []*choice `json:"choices"`
	}
	choice struct {
		Code   string `json:"code"`
		Label  texts  `json:"label"`
		Within string `json:"within,omitempty"`

		name string // in the workbook
		line *line
	}
	repeat struct {
		Min int `json:"min"`
		Max int `json:"max,omitempty"`
	}
	group struct {
		Name   string   `json:"group"`
		Label  texts    `json:"label"`
		Help   texts    `json:"help,omitempty"`
		Legal  []string `json:"legal,omitempty"`
		Origin string   `json:"origin,omitempty"`
		Repeat *repeat  `json:"repeat,omitempty"`
		Items  []any    `json:"items"`

		at place
	}
	field struct {
		Name      string   `json:"field"`
		Type      string   `json:"type"`
		Label     texts    `json:"label"`
		Help      texts    `json:"help,omitempty"`
		Legal     []string `json:"legal,omitempty"`
		Origin    string   `json:"origin,omitempty"`
		Required  bool     `json:"required,omitempty"`
		Default   string   `json:"default,omitempty"`
		Min       string   `json:"min,omitempty"`
		Max       string   `json:"max,omitempty"`
		MaxLength int      `json:"max_length,omitempty"`
		Decimals  *int     `json:"decimals,omitempty"`
		List      string   `json:"list,omitempty"`
		Within    string   `json:"within,omitempty"`
		Internal  bool     `json:"internal,omitempty"`

		at place
	}
	proof struct {
		ID       string   `json:"proof"`
		Label    texts    `json:"label"`
		Help     texts    `json:"help,omitempty"`
		Legal    []string `json:"legal,omitempty"`
		Required bool     `json:"required,omitempty"`

		at place
	}
	rule struct {
		ID    string   `json:"rule"`
		Do    string   `json:"do"`
		On    []string `json:"on"`
		When  any      `json:"when,omitempty"`
		Value any      `json:"value,omitempty"`
		Text  texts    `json:"text,omitempty"`

		at place
	}
)

func (d *document) bytes() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(d); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
