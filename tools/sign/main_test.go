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

// TestSign checks that a signature is valid only for its file and its key. It also checks that the public key is enough
// to check a signature.
func TestSign(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := func(name string) string { return filepath.Join(folder, name) }
	writeFile(t, file("artifact"), "the sums")
	writeFile(t, file("other"), "other sums")
	newSecret := func(name string) secret {
		if err := run(secret{}, []string{"new", file(name)}, nil); err != nil {
			t.Fatal(err)
		}
		return secret{key: readFile(t, file(name))}
	}
	key, otherKey := newSecret("private.asc"), newSecret("other.asc")
	if err := run(key, []string{"make", file("artifact"), file("artifact.sig")}, nil); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name     string
		key      secret
		artifact string
		valid    bool
	}{
		{"same file and key", key, "artifact", true},
		{"other file", key, "other", false},
		{"other key", otherKey, "artifact", false},
	} {
		err := run(tt.key, []string{"check", file(tt.artifact), file("artifact.sig")}, nil)
		if (err == nil) != tt.valid {
			t.Errorf("%s: got error %v, want valid %t", tt.name, err, tt.valid)
		}
	}
	if err := run(key, []string{"make", file("artifact"), file("artifact.sig")}, nil); err == nil {
		t.Error("an existing signature was overwritten")
	}
	info, err := os.Stat(file("private.asc"))
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("mode of the private key: got %o, want 600", got)
	}

	var public bytes.Buffer
	if err := run(key, []string{"public"}, &public); err != nil {
		t.Fatal(err)
	}
	keys, err := openpgp.ReadArmoredKeyRing(&public)
	if err != nil {
		t.Fatal(err)
	}
	if len(keys) != 1 || keys[0].PrivateKey != nil {
		t.Fatalf("public key: got %v, want one key without a private part", keys)
	}
	signature := strings.NewReader(readFile(t, file("artifact.sig")))
	if _, err := openpgp.CheckDetachedSignature(keys, strings.NewReader("the sums"), signature, nil); err != nil {
		t.Errorf("check with the public key: %v", err)
	}
}

// TestKeys checks which private keys are accepted, and that errors don't contain the passphrase.
func TestKeys(t *testing.T) {
	t.Parallel()
	rsa := &packet.Config{Algorithm: packet.PubKeyAlgoRSA, RSABits: 2048}
	eddsa := &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA}
	expired := &packet.Config{
		Algorithm: packet.PubKeyAlgoRSA, RSABits: 2048, KeyLifetimeSecs: 3600,
		Time: func() time.Time { return time.Now().AddDate(-1, 0, 0) },
	}
	open, locked := armoredKey(t, rsa, nil, ""), armoredKey(t, rsa, nil, "open sesame")
	for name, tt := range map[string]struct{ key, passphrase, want string }{
		"no passphrase":        {open, "", ""},
		"passphrase":           {locked, "open sesame", ""},
		"wrong passphrase":     {locked, "open cumin", "PASSPHRASE"},
		"passphrase missing":   {locked, "", "PASSPHRASE"},
		"no key":               {"", "", "parse GPG_PRIVATE_KEY"},
		"other kind":           {armoredKey(t, eddsa, nil, ""), "", "RSA or DSA"},
		"subkey of other kind": {armoredKey(t, rsa, eddsa, ""), "", "RSA or DSA"},
		"expired":              {armoredKey(t, expired, nil, ""), "", "can't sign"},
		"two keys":             {duplicateKey(t, open), "", "exactly one"},
	} {
		err := run(secret{tt.key, tt.passphrase}, []string{"public"}, &bytes.Buffer{})
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want %q", name, err, tt.want)
		}
		if err != nil && tt.passphrase != "" && strings.Contains(err.Error(), tt.passphrase) {
			t.Errorf("%s: the error contains the passphrase", name)
		}
	}
	err := run(secret{open, ""}, []string{"make", "one"}, nil)
	if err == nil || !strings.Contains(err.Error(), "make ARTIFACT SIGNATURE") {
		t.Errorf("incomplete command: got %v, want the usage", err)
	}
}

// armoredKey returns an armored private key. It has a signing subkey if subkey is not nil, and is encrypted if the
// passphrase is not empty.
func armoredKey(t *testing.T, config, subkey *packet.Config, passphrase string) string {
	t.Helper()
	key, err := openpgp.NewEntity("Test", "", "test@example.com", config)
	if err == nil && subkey != nil {
		err = key.AddSigningSubkey(subkey)
	}
	if err != nil {
		t.Fatal(err)
	}
	if passphrase != "" {
		if err := key.EncryptPrivateKeys([]byte(passphrase), config); err != nil {
			t.Fatal(err)
		}
	}
	return armorKey(t, func(w io.Writer) error { return key.SerializePrivateWithoutSigning(w, config) })
}

// duplicateKey returns an armored key ring that contains the key twice.
func duplicateKey(t *testing.T, key string) string {
	t.Helper()
	ring, err := openpgp.ReadArmoredKeyRing(strings.NewReader(key))
	if err != nil {
		t.Fatal(err)
	}
	return armorKey(t, func(w io.Writer) error {
		return errors.Join(ring[0].SerializePrivateWithoutSigning(w, nil), ring[0].SerializePrivateWithoutSigning(w, nil))
	})
}

func armorKey(t *testing.T, serialize func(io.Writer) error) string {
	t.Helper()
	var armored bytes.Buffer
	if err := writeArmored(&armored, openpgp.PrivateKeyType, serialize); err != nil {
		t.Fatal(err)
	}
	return armored.String()
}

func writeFile(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
