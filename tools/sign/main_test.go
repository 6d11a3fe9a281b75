package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

// TestSign: what is signed is good for this file and for the holder of the public key, and for nothing else.
func TestSign(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := func(name string) string { return filepath.Join(folder, name) }
	write(t, file("artifact"), "the sums")
	write(t, file("other"), "other sums")
	newSecret := func(name string) secret {
		if err := run(secret{}, []string{"new", file(name)}, nil); err != nil {
			t.Fatal(err)
		}
		return secret{key: content(t, file(name))}
	}
	ours, others := newSecret("private.asc"), newSecret("another.asc")
	if err := run(ours, []string{"make", file("artifact"), file("artifact.sig")}, nil); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		key      secret
		artifact string
		good     bool
	}{
		{ours, "artifact", true}, {ours, "other", false}, {others, "artifact", false},
	} {
		if err := run(c.key, []string{"check", file(c.artifact), file("artifact.sig")}, nil); (err == nil) != c.good {
			t.Errorf("%s, ours %t: %v", c.artifact, c.key == ours, err)
		}
	}
	if err := run(ours, []string{"make", file("artifact"), file("artifact.sig")}, nil); err == nil {
		t.Error("a signature is written over another")
	}
	if private, err := os.Stat(file("private.asc")); err != nil || private.Mode().Perm() != 0o600 {
		t.Errorf("the private key's mode: %v, %v", private, err)
	}

	var public bytes.Buffer
	if err := run(ours, []string{"public"}, &public); err != nil {
		t.Fatal(err)
	}
	keys, err := openpgp.ReadArmoredKeyRing(&public)
	if err != nil || len(keys) != 1 || keys[0].PrivateKey != nil {
		t.Fatalf("%v, %v", keys, err)
	}
	signature := strings.NewReader(content(t, file("artifact.sig")))
	if _, err := openpgp.CheckDetachedSignature(keys, strings.NewReader("the sums"), signature, nil); err != nil {
		t.Errorf("who has the public key: %v", err)
	}
}

// TestKeys: one key that registries take, and its passphrase; else an error says what is wrong, and nothing of the key.
func TestKeys(t *testing.T) {
	t.Parallel()
	quick := &packet.Config{Algorithm: packet.PubKeyAlgoRSA, RSABits: 2048}
	modern := &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA}
	old := &packet.Config{Algorithm: packet.PubKeyAlgoRSA, RSABits: 2048, KeyLifetimeSecs: 3600, Time: func() time.Time {
		return time.Now().AddDate(-1, 0, 0)
	}}
	open, locked := armoredKey(t, quick, nil, ""), armoredKey(t, quick, nil, "open sesame")
	for name, c := range map[string]struct{ key, passphrase, says string }{
		"open":               {open, "", ""},
		"a passphrase":       {locked, "open sesame", ""},
		"a wrong passphrase": {locked, "open cumin", "PASSPHRASE doesn't unlock"},
		"no passphrase":      {locked, "", "PASSPHRASE doesn't unlock"},
		"none":               {"", "", "GPG_PRIVATE_KEY is no armored key"},
		"another kind":       {armoredKey(t, modern, nil, ""), "", "neither RSA nor DSA"},
		"another kind below": {armoredKey(t, quick, modern, ""), "", "neither RSA nor DSA"},
		"expired":            {armoredKey(t, old, nil, ""), "", "can't sign"},
		"two":                {twice(t, open), "", "not one private key"},
	} {
		err := run(secret{c.key, c.passphrase}, []string{"public"}, &bytes.Buffer{})
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && c.passphrase != "" && strings.Contains(err.Error(), c.passphrase) {
			t.Errorf("%s: the error repeats the passphrase", name)
		}
	}
	if err := run(secret{open, ""}, []string{"make", "one"}, nil); err == nil || !strings.Contains(err.Error(), "make ARTIFACT SIGNATURE") {
		t.Errorf("half a command: %v", err)
	}
}

// armoredKey makes a private key, with another below it that signs if that is given, and locked where there is a passphrase.
func armoredKey(t *testing.T, config, below *packet.Config, passphrase string) string {
	t.Helper()
	key, err := openpgp.NewEntity("Test", "", "test@example.com", config)
	if err == nil && below != nil {
		err = key.AddSigningSubkey(below)
	}
	if err != nil {
		t.Fatal(err)
	}
	if passphrase != "" {
		if err := key.EncryptPrivateKeys([]byte(passphrase), config); err != nil {
			t.Fatal(err)
		}
	}
	var text bytes.Buffer
	if err := armored(&text, openpgp.PrivateKeyType, func(w io.Writer) error { return key.SerializePrivateWithoutSigning(w, config) }); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// twice is a ring that has a key two times.
func twice(t *testing.T, key string) string {
	t.Helper()
	ring, err := openpgp.ReadArmoredKeyRing(strings.NewReader(key))
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := armored(&text, openpgp.PrivateKeyType, func(w io.Writer) error {
		return errors.Join(ring[0].SerializePrivateWithoutSigning(w, nil), ring[0].SerializePrivateWithoutSigning(w, nil))
	}); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func content(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
