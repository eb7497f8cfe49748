package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"schalter/data/form"
	"schalter/data/record"
	"schalter/sync/protocol"
)

// actForm are the commands of a test desk about forms.
func actForm(ctx context.Context, d *testDesk, args []string) error {
	switch args[0] {
	case "forms": // what a desk gets to know, with the files
		all, err := d.pull(ctx)
		if err != nil {
			return err
		}
		for _, s := range all {
			if s.Change.Kind != record.KindForm {
				continue
			}
			p, err := record.Decode[record.FormPublished](s.Change)
			if err != nil {
				return err
			}
			_, b, err := d.call(ctx, "GET", protocol.PathBlobs+string(p.File.Hash), nil)
			if err != nil {
				return err
			}
			f, err := form.Admit(p.Form, b)
			if err != nil {
				return err
			}
			fmt.Printf("form %s %s retired=%v by %s\n", f.ID, f.Version, p.Retired, s.Change.User)
		}
		return nil
	case "publish":
		b, err := os.ReadFile(args[1])
		if err != nil {
			return err
		}
		f, err := form.Parse(b)
		if err != nil {
			return err
		}
		if _, err := d.upload(ctx, b, 0, len(b)); err != nil {
			return err
		}
		p := record.FormPublished{Form: f.Ref(), Title: f.Title, File: record.BlobRef{Hash: record.HashOf(b), Size: int64(len(b))}}
		c, err := record.Seal(record.Edit{Case: record.FormCase(f.ID), Kind: record.KindForm, User: "weber", Payload: p}, d.Device, d.Last, time.Now())
		if err != nil {
			return err
		}
		body, err := protocol.EncodePush([]record.Change{c})
		if err != nil {
			return err
		}
		_, answer, err := d.call(ctx, "POST", protocol.PathPush, body)
		if err != nil {
			return err
		}
		d.Last = c
		var a protocol.PushAnswer
		if err := json.Unmarshal(answer, &a); err != nil {
			return err
		}
		fmt.Printf("placed %d code %q\n", a.Results[0].Seq, a.Results[0].Code)
		return nil
	}
	return fmt.Errorf("no command %q", args[0])
}

// TestKillWhilePublishing kills the command that publishes at many moments. Afterwards the journal is sound,
// a version is published once or not at all, and publishing it again completes it.
func TestKillWhilePublishing(t *testing.T) {
	rounds := 6
	if os.Getenv("SCHALTER_LONG") != "" {
		rounds = 120
	}
	dir := t.TempDir()
	exe := build(t)
	centre := filepath.Join(dir, "centre")
	admin := func(args ...string) string {
		t.Helper()
		out, err := exec.CommandContext(t.Context(), exe, append(args, "--data", centre)...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	admin("authority", "add", "Musterstadt", "--office", "MS")
	begun := time.Now()
	admin("form", "list", "--authority", "MS")
	whole := time.Since(begun)
	killed := 0
	for i := range rounds {
		file := filepath.Join(dir, "hund.json")
		b := fmt.Sprintf(`{"format": "schalter-form/1", "id": "hund", "version": "%d", "title": {"de": "Hund %s"},
			"groups": [{"group": "g", "label": {"de": "G"}, "items": [{"field": "a", "type": "text", "label": {"de": "A"}}]}]}`, i+1, strings.Repeat("x", 100))
		if err := os.WriteFile(file, []byte(b), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), exe, "form", "publish", "--authority", "MS", "--data", centre, file)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// From before the program has begun to after it has ended.
		timer := time.AfterFunc(whole*time.Duration(i+1)/time.Duration(rounds)*3/2, func() { _ = cmd.Process.Kill() })
		err := cmd.Wait()
		timer.Stop()
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			if s, ok := exit.Sys().(syscall.WaitStatus); ok && s.Signaled() {
				killed++
			} else {
				t.Fatalf("round %d: %v", i, err)
			}
		}
		if out := admin("verify"); !strings.Contains(out, "no problems") {
			t.Fatalf("round %d: %s", i, out)
		}
		admin("form", "publish", "--authority", "MS", file)
		line := regexp.MustCompile(fmt.Sprintf(`(?m)^hund +%d +offered `, i+1))
		if out := admin("form", "list", "--authority", "MS"); len(line.FindAllString(out, -1)) != 1 {
			t.Fatalf("round %d: %s", i, out)
		}
	}
	if out := admin("verify"); !strings.Contains(out, fmt.Sprintf(" %d changes, 0 rejected", rounds)) {
		t.Error(out)
	}
	t.Logf("%d of %d killed", killed, rounds)
}
