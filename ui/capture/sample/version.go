package sample

import (
	"encoding/json"
	"slices"

	"schalter/assets"
	"schalter/data/form"
	"schalter/ui/capture"
)

// Version is the state in which a newer version of the draft's form was published.
const Version State = "version"

// offering is a library in which a newer version of one form is offered.
type offering struct {
	capture.Forms
	newer *form.Form
}

// Latest gives the newer version.
func (o offering) Latest(id string) (*form.Form, error) {
	if id == o.newer.ID {
		return o.newer, nil
	}
	return o.Forms.Latest(id)
}

// offered is what the screen offers in a state.
func offered(forms capture.Forms, state State) capture.Forms {
	if state != Version {
		return forms
	}
	f, err := newerDog()
	if err != nil {
		return forms
	}
	return offering{forms, f}
}

// newerDog is the dog tax as it might be asked next year: without the colour, and with two other questions.
func newerDog() (*form.Form, error) {
	b, err := assets.Files.ReadFile("forms/hundesteuer-anmelden.json")
	if err != nil {
		return nil, err
	}
	var f map[string]any
	if err := json.Unmarshal(b, &f); err != nil {
		return nil, err
	}
	f["version"] = "9.0.0"
	for _, g := range f["groups"].([]any) {
		group := g.(map[string]any)
		if group["group"] != "hund" {
			continue
		}
		items := slices.DeleteFunc(group["items"].([]any), func(i any) bool { return i.(map[string]any)["field"] == "farbe" })
		group["items"] = append(items, map[string]any{
			"field": "kastriert", "type": "boolean", "required": true, "label": map[string]string{"de": "Kastriert", "en": "Neutered"},
		}, map[string]any{
			"field": "tierarzt", "type": "text", "label": map[string]string{"de": "Tierarztpraxis", "en": "Vet"},
		})
	}
	if b, err = json.Marshal(f); err != nil {
		return nil, err
	}
	return form.Parse(b)
}
