// Command sign creates and checks signatures of release files in the format that registries require: OpenPGP, detached
// and binary. It doesn't use gpg or a keyring.
//
//	sign new FILE                   writes a new RSA key without a passphrase, armored, for a rehearsal
//	sign public                     prints the public key, armored, in the form that registries accept
//	sign make ARTIFACT SIGNATURE    signs a file
//	sign check ARTIFACT SIGNATURE   fails if the key did not create this signature for this file
//
// The environment variable GPG_PRIVATE_KEY contains the armored private key, and PASSPHRASE its passphrase, if any.
package main

import (
	"bytes"
	"crypto"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

// config is for RSA keys, because registries accept only RSA and DSA.
var config = &packet.Config{Algorithm: packet.PubKeyAlgoRSA, RSABits: 4096, DefaultHash: crypto.SHA256}

func main() {
	key := secret{os.Getenv("GPG_PRIVATE_KEY"), os.Getenv("PASSPHRASE")}
	if err := run(key, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "sign:", err)
		os.Exit(1)
	}
}

func run(key secret, arguments []string, output io.Writer) error {
	padded := append(slices.Clone(arguments), "", "", "")
	command, file, signature := padded[0], padded[1], padded[2]
	switch count := len(arguments); {
	case command == "new" && count == 2:
		return newKey(file)
	case command == "public" && count == 1:
		return key.public(output)
	case command == "make" && count == 3:
		return key.sign(file, signature)
	case command == "check" && count == 3:
		return key.check(file, signature)
	default:
		const usage = "new FILE, public, make ARTIFACT SIGNATURE or check ARTIFACT SIGNATURE"
		return fmt.Errorf("invalid arguments %q: use %s", arguments, usage)
	}
}

// newKey creates a private key and writes it to a new file that only the owner can read.
func newKey(file string) error {
	key, err := openpgp.NewEntity("Rehearsal of a release", "temporary", "nobody@example.com", config)
	if err != nil {
		return err
	}
	w, err := createPrivate(file)
	if err != nil {
		return err
	}
	serialize := func(w io.Writer) error { return key.SerializePrivate(w, config) }
	return errors.Join(writeArmored(w, openpgp.PrivateKeyType, serialize), w.Close())
}

// secret is an armored private key and its passphrase, which may be empty.
type secret struct{ key, passphrase string }

// public writes the public key.
func (s secret) public(w io.Writer) error {
	key, err := s.unlock()
	if err != nil {
		return err
	}
	return writeArmored(w, openpgp.PublicKeyType, key.Serialize)
}

// sign writes the signature of the artifact to a new file.
func (s secret) sign(artifact, signature string) error {
	key, err := s.unlock()
	if err != nil {
		return err
	}
	content, err := os.ReadFile(artifact) //nolint:gosec // the caller sets the file
	if err != nil {
		return err
	}
	w, err := createPrivate(signature)
	if err != nil {
		return err
	}
	return errors.Join(openpgp.DetachSign(w, key, bytes.NewReader(content), config), w.Close())
}

// check returns an error if the key did not create the signature for the artifact.
func (s secret) check(artifact, signature string) error {
	key, err := s.unlock()
	if err != nil {
		return err
	}
	content, err := os.ReadFile(artifact) //nolint:gosec // the caller sets the file
	if err != nil {
		return err
	}
	signed, err := os.ReadFile(signature) //nolint:gosec // the caller sets the file
	if err != nil {
		return err
	}
	keys := openpgp.EntityList{key}
	_, err = openpgp.CheckDetachedSignature(keys, bytes.NewReader(content), bytes.NewReader(signed), config)
	return err
}

// unlock returns the decrypted private key. It returns an error if there is not exactly one key, or if registries don't
// accept the key's algorithm. Errors contain no part of the key or the passphrase.
func (s secret) unlock() (*openpgp.Entity, error) {
	keys, err := openpgp.ReadArmoredKeyRing(strings.NewReader(s.key))
	if err != nil {
		return nil, fmt.Errorf("parse GPG_PRIVATE_KEY: %w", err)
	}
	if len(keys) != 1 || keys[0].PrivateKey == nil {
		return nil, errors.New("GPG_PRIVATE_KEY must hold exactly one private key")
	}
	signing, ok := keys[0].SigningKey(time.Now()) // the primary key or a subkey
	if !ok {
		return nil, errors.New("GPG_PRIVATE_KEY can't sign: it is expired, revoked or for another purpose")
	}
	if algorithm := signing.PrivateKey.PubKeyAlgo; algorithm != packet.PubKeyAlgoRSA && algorithm != packet.PubKeyAlgoDSA {
		return nil, errors.New("GPG_PRIVATE_KEY signs with an algorithm that registries reject: use RSA or DSA")
	}
	if keys[0].PrivateKey.Encrypted {
		if err := keys[0].DecryptPrivateKeys([]byte(s.passphrase)); err != nil {
			return nil, fmt.Errorf("unlock GPG_PRIVATE_KEY with PASSPHRASE: %w", err)
		}
	}
	return keys[0], nil
}

// createPrivate creates a file that only the owner can read. It returns an error if the file exists.
func createPrivate(file string) (*os.File, error) {
	return os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // the caller sets the file
}

func writeArmored(w io.Writer, kind string, serialize func(io.Writer) error) error {
	encoder, err := armor.Encode(w, kind, nil)
	if err != nil {
		return err
	}
	return errors.Join(serialize(encoder), encoder.Close())
}
