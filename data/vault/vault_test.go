package vault

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"schalter/data/record"
)

// cheap makes tests quick; TestDefaultCost holds the real one.
var cheap = WithCost(Cost{Time: 1, Memory: 64, Threads: 1})

const secret = "Frühling am Rathaus 7"

func create(t *testing.T) (string, *Vault, *Keys) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "desk")
	v, k, err := Create(dir, "weber", secret, cheap)
	if err != nil {
		t.Fatal(err)
	}
	return dir, v, k
}

func wantCode(t *testing.T, err error, want record.Code) {
	t.Helper()
	if record.CodeOf(err) != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestUnlockAfterRestart(t *testing.T) {
	dir, v, k := create(t)
	if err := v.AddUser(k, " Öztürk ", "ein ganz anderer Satz"); err != nil {
		t.Fatal(err)
	}
	v, err := Open(dir, cheap)
	if err != nil {
		t.Fatal(err)
	}
	if got := v.Users(); !slices.Equal(got, []string{"weber", "Öztürk"}) {
		t.Errorf("users %q", got)
	}
	for user, pass := range map[string]string{
		"weber": secret, "Weber": secret, "öztürk": "ein ganz anderer Satz",
		// the same characters as a Mac composes them
		"O\u0308ztu\u0308rk": "ein ganz anderer Satz", " weber": strings.ReplaceAll(secret, "ü", "u\u0308"),
	} {
		k2, err := v.Unlock(user, pass)
		if err != nil {
			t.Errorf("%q: %v", user, err)
			continue
		}
		if k2.StoreID() != k.StoreID() || k2.Subkey("pages") != k.Subkey("pages") {
			t.Errorf("%q got other keys", user)
		}
	}
	for _, p := range [][2]string{{"weber", "ein ganz anderer Satz"}, {"weber", ""}, {"weber", secret + " "}, {"schmidt", secret}, {"", ""}} {
		if k, err := v.Unlock(p[0], p[1]); k != nil {
			t.Errorf("%q unlocked", p)
		} else {
			wantCode(t, err, record.CodeWrongPassphrase)
		}
	}
}

func TestSubkeysDiffer(t *testing.T) {
	_, _, k := create(t)
	_, _, other := create(t)
	seen := map[[32]byte]string{{}: "nothing"}
	for name, key := range map[string][32]byte{
		"pages": k.Subkey("pages"), "blobs": k.Subkey("blobs"), "the data key": k.key, "another desk": other.Subkey("pages"),
	} {
		if was, ok := seen[key]; ok {
			t.Errorf("%s is %s", name, was)
		}
		seen[key] = name
	}
	k.Wipe()
	if k.key != [32]byte{} {
		t.Error("the key is still there")
	}
	defer func() {
		if recover() == nil {
			t.Error("keys served after Wipe")
		}
	}()
	k.Subkey("pages")
}

func TestChangePassphrase(t *testing.T) {
	dir, v, k := create(t)
	wantCode(t, v.ChangePassphrase("weber", "falsch falsch", "Herbst am Rathaus 8"), record.CodeWrongPassphrase)
	wantCode(t, v.ChangePassphrase("weber", secret, "kurz"), record.CodeWeakPassphrase)
	if err := v.ChangePassphrase("WEBER", secret, "Herbst am Rathaus 8"); err != nil {
		t.Fatal(err)
	}
	for _, v := range []*Vault{v, reopen(t, dir)} {
		_, err := v.Unlock("weber", secret)
		wantCode(t, err, record.CodeWrongPassphrase)
		got, err := v.Unlock("weber", "Herbst am Rathaus 8")
		if err != nil || got.Subkey("x") != k.Subkey("x") {
			t.Errorf("the new passphrase: %v", err)
		}
		if u := v.Users(); len(u) != 1 || u[0] != "weber" {
			t.Errorf("users %q", u)
		}
	}
}

func reopen(t *testing.T, dir string) *Vault {
	t.Helper()
	v, err := Open(dir, cheap)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestWhatIsRefused(t *testing.T) {
	dir, v, k := create(t)
	_, _, err := Create(dir, "weber", secret, cheap)
	wantCode(t, err, record.CodeStoreExists)
	_, err = Open(t.TempDir())
	wantCode(t, err, record.CodeStoreMissing)
	wantCode(t, v.AddUser(k, "Weber", secret), record.CodeUserExists)
	wantCode(t, v.AddUser(k, "neu", "elf Zeichen"), record.CodeWeakPassphrase)
	for _, user := range []string{"", "  ", "a\nb", strings.Repeat("x", 65), "a\xff"} {
		wantCode(t, v.AddUser(k, user, secret), record.CodeUserName)
		_, _, err := Create(t.TempDir(), user, secret, cheap)
		wantCode(t, err, record.CodeUserName)
	}
	_, _, foreign := create(t)
	if v.AddUser(foreign, "neu", secret) == nil {
		t.Error("another desk's keys were taken")
	}
	k.Wipe()
	if v.AddUser(k, "neu", secret) == nil {
		t.Error("wiped keys were taken")
	}
	if got := reopen(t, dir).Users(); len(got) != 1 {
		t.Errorf("users %q after refusals", got)
	}
}

func TestNothingInTheClear(t *testing.T) {
	dir, _, k := create(t)
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 2 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		sub := k.Subkey("pages")
		for _, s := range [][]byte{[]byte(secret), k.key[:], sub[:]} {
			if bytes.Contains(b, s) {
				t.Errorf("%s holds a secret", f.Name())
			}
		}
		if i, err := f.Info(); err != nil || runtime.GOOS != "windows" && i.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", f.Name(), i.Mode(), err)
		}
	}
}

// Every flipped byte of the file is either damage or a passphrase that opens nothing, never other keys.
func TestEveryFlippedByteIsNoticed(t *testing.T) {
	dir, _, k := create(t)
	path := filepath.Join(dir, fileName)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 1
		if c, err := decode(bad); err == nil {
			if k2, err := c.Slots[0].unwrap(k.store, secret); err != nil || k2 != k.key {
				t.Errorf("byte %d (%q): not seen as damage, %v", i, good[i], err)
			}
		}
	}
}

// The slots' own seals hold even against a hand that repairs the checksum.
func TestTamperedSlotDoesNotOpen(t *testing.T) {
	_, v, k := create(t)
	if err := v.AddUser(k, "schmidt", "Sommer am Rathaus 9"); err != nil {
		t.Fatal(err)
	}
	for name, tamper := range map[string]func(s *slot, store *[16]byte){
		"user":    func(s *slot, _ *[16]byte) { s.User = "schmidt" },
		"time":    func(s *slot, _ *[16]byte) { s.Cost.Time++ },
		"memory":  func(s *slot, _ *[16]byte) { s.Cost.Memory++ },
		"threads": func(s *slot, _ *[16]byte) { s.Cost.Threads++ },
		"salt":    func(s *slot, _ *[16]byte) { s.Salt = append([]byte{s.Salt[0] ^ 1}, s.Salt[1:]...) },
		"nonce":   func(s *slot, _ *[16]byte) { s.Nonce = append([]byte{s.Nonce[0] ^ 1}, s.Nonce[1:]...) },
		"key":     func(s *slot, _ *[16]byte) { s.Key = append([]byte{s.Key[0] ^ 1}, s.Key[1:]...) },
		"store":   func(_ *slot, id *[16]byte) { id[0] ^= 1 },
	} {
		s, id := v.c.Slots[0], v.store
		tamper(&s, &id)
		if _, err := s.unwrap(id, secret); err == nil {
			t.Errorf("%s: tampered with and still opens", name)
		}
	}
}

func TestDamagedFileIsMendedFromItsCopy(t *testing.T) {
	for _, lost := range []string{fileName, copyName} {
		for name, harm := range map[string]func(string) error{
			"gone": os.Remove, "cut": func(p string) error { return os.Truncate(p, 100) },
			"empty": func(p string) error { return os.Truncate(p, 0) },
		} {
			dir, _, k := create(t)
			if err := harm(filepath.Join(dir, lost)); err != nil {
				t.Fatal(err)
			}
			got, err := reopen(t, dir).Unlock("weber", secret)
			if err != nil || got.Subkey("x") != k.Subkey("x") {
				t.Errorf("%s %s: %v", lost, name, err)
			}
			a, errA := os.ReadFile(filepath.Join(dir, fileName))
			b, errB := os.ReadFile(filepath.Join(dir, copyName))
			if errA != nil || errB != nil || !bytes.Equal(a, b) {
				t.Errorf("%s %s was not mended: %v %v", lost, name, errA, errB)
			}
		}
	}
	dir, _, _ := create(t)
	for _, f := range []string{fileName, copyName} {
		if err := os.Truncate(filepath.Join(dir, f), 50); err != nil {
			t.Fatal(err)
		}
	}
	_, err := Open(dir)
	wantCode(t, err, record.CodeVaultDamaged)
}

// A crash while the passphrase is changed leaves one of the two, whole.
func TestCrashWhileSaving(t *testing.T) {
	dir, v, _ := create(t)
	old, err := os.ReadFile(filepath.Join(dir, fileName))
	if err != nil {
		t.Fatal(err)
	}
	if err := v.ChangePassphrase("weber", secret, "Herbst am Rathaus 8"); err != nil {
		t.Fatal(err)
	}
	// the power went after the copy was written, with half a new file beside it
	if err := os.WriteFile(filepath.Join(dir, fileName), old, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, fileName+".new"), old[:77], 0o600); err != nil {
		t.Fatal(err)
	}
	v = reopen(t, dir)
	if _, err := v.Unlock("weber", secret); err != nil {
		t.Error(err)
	}
	if err := v.ChangePassphrase("weber", secret, "Winter am Rathaus 8"); err != nil {
		t.Error(err)
	}
	if _, err := reopen(t, dir).Unlock("weber", "Winter am Rathaus 8"); err != nil {
		t.Error(err)
	}
}

func TestManyAtOnce(t *testing.T) {
	dir, v, k := create(t)
	var wg sync.WaitGroup
	for _, u := range []string{"a", "b", "c", "d"} {
		wg.Go(func() {
			if err := v.AddUser(k, u, secret); err != nil {
				t.Error(err)
			}
			if err := v.ChangePassphrase(u, secret, secret+u); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	v = reopen(t, dir)
	for _, u := range []string{"a", "b", "c", "d"} {
		if _, err := v.Unlock(u, secret+u); err != nil {
			t.Errorf("%s: %v", u, err)
		}
	}
}

func TestDefaultCost(t *testing.T) {
	dir := t.TempDir()
	if _, _, err := Create(dir, "weber", secret); err != nil {
		t.Fatal(err)
	}
	v := reopen(t, dir)
	if got, want := v.c.Slots[0].Cost, (Cost{Time: 3, Memory: 65536, Threads: 4}); got != want {
		t.Errorf("cost %+v, want %+v", got, want)
	}
	if _, err := v.Unlock("weber", secret); err != nil {
		t.Error(err)
	}
}

func TestNewerFile(t *testing.T) {
	dir, _, _ := create(t)
	for _, f := range []string{fileName, copyName} {
		b, err := os.ReadFile(filepath.Join(dir, f))
		if err != nil {
			t.Fatal(err)
		}
		b = bytes.Replace(b, []byte(`"version": 1`), []byte(`"version": 2`), 1)
		if err := os.WriteFile(filepath.Join(dir, f), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, err := Open(dir)
	wantCode(t, err, record.CodeStoreNewer)
}

func TestPropertyAnyUserAndPassphrase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		user := canonicalUser(rapid.StringOfN(rapid.Rune(), 1, maxUser, -1).Draw(t, "user"))
		pass := rapid.StringOfN(rapid.Rune(), 1, 40, -1).Draw(t, "passphrase")
		if checkUser(user) != nil {
			t.Skip("not a user's name")
		}
		key, store := [32]byte{1, 2, 3}, [16]byte{4}
		s, err := newSlot(&key, store, user, pass, Cost{Time: 1, Memory: 8, Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		c := &content{StoreID: "04000000000000000000000000000000", Slots: []slot{s}}
		b, err := encode(c)
		if err != nil {
			t.Fatal(err)
		}
		back, err := decode(b)
		if err != nil {
			t.Fatalf("own file not read: %v\n%s", err, b)
		}
		if got, err := back.Slots[0].unwrap(store, pass); err != nil || got != key {
			t.Fatalf("not unwrapped: %v", err)
		}
		if _, err := back.Slots[0].unwrap(store, pass+"x"); err == nil {
			t.Fatal("another passphrase unwraps")
		}
	})
}

func FuzzDecode(f *testing.F) {
	key := [32]byte{1}
	s, err := newSlot(&key, [16]byte{}, "weber", secret, Cost{Time: 1, Memory: 8, Threads: 1})
	if err != nil {
		f.Fatal(err)
	}
	good, err := encode(&content{StoreID: strings.Repeat("0", 32), Slots: []slot{s}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"format":"schalter-vault","version":1,"sum":"","vault":null}`))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := decode(b)
		if err != nil {
			return
		}
		// what is accepted can be used and written again without loss
		again, err := encode(c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decode(again); err != nil {
			t.Fatalf("accepted %q but not %q: %v", b, again, err)
		}
		for _, s := range c.Slots {
			if c.find(s.User) < 0 || !s.Cost.valid() {
				t.Fatalf("accepted an impossible slot %+v", s)
			}
		}
	})
}

func BenchmarkUnlock(b *testing.B) {
	v, _, err := Create(b.TempDir(), "weber", secret)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := v.Unlock("weber", secret); err != nil {
			b.Fatal(err)
		}
	}
}
