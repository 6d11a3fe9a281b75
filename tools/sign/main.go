// Command sign makes and checks the signature of a release: OpenPGP, detached and binary, as registries want it. It stands in for gpg,
// which not every machine has.
//
//	sign new FILE                     a new RSA key without a passphrase, armored, for a rehearsal
//	sign public                       the public part of the key, armored, as a registry is given it
//	sign make ARTIFACT SIGNATURE      signs a file
//	sign check ARTIFACT SIGNATURE     fails where the signature isn't the key's and over this file
//
// The key is in the environment: GPG_PRIVATE_KEY, armored, and PASSPHRASE where it has one.
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

// config creates RSA keys, the only kind that registries accept.
var config = &packet.Config{Algorithm: packet.PubKeyAlgoRSA, RSABits: 4096, DefaultHash: crypto.SHA256}

func main() {
	held := secret{key: os.Getenv("GPG_PRIVATE_KEY"), passphrase: os.Getenv("PASSPHRASE")}
	if err := run(held, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "sign:", err)
		os.Exit(1)
	}
}

func run(held secret, arguments []string, output io.Writer) error {
	named := append(slices.Clone(arguments), "", "", "")[:3]
	switch command := named[0]; {
	case command == "new" && len(arguments) == 2:
		return newKey(named[1])
	case command == "public" && len(arguments) == 1:
		return held.public(output)
	case command == "make" && len(arguments) == 3:
		return held.sign(named[1], named[2])
	case command == "check" && len(arguments) == 3:
		return held.check(named[1], named[2])
	default:
		return fmt.Errorf("%q: new FILE, public, make ARTIFACT SIGNATURE, or check ARTIFACT SIGNATURE", arguments)
	}
}

// newKey writes a private key that its owner alone may read.
func newKey(file string) error {
	key, err := openpgp.NewEntity("Rehearsal of a release", "thrown away afterwards", "nobody@example.com", config)
	if err != nil {
		return err
	}
	written, err := create(file)
	if err != nil {
		return err
	}
	return errors.Join(armored(written, openpgp.PrivateKeyType, func(w io.Writer) error { return key.SerializePrivate(w, config) }),
		written.Close())
}

// secret is what the environment holds.
type secret struct{ key, passphrase string }

func (s secret) public(output io.Writer) error {
	key, err := s.unlocked()
	if err != nil {
		return err
	}
	return armored(output, openpgp.PublicKeyType, key.Serialize)
}

func (s secret) sign(artifact, signature string) error {
	key, content, err := s.with(artifact)
	if err != nil {
		return err
	}
	written, err := create(signature)
	if err != nil {
		return err
	}
	return errors.Join(openpgp.DetachSign(written, key, content, config), written.Close())
}

func (s secret) check(artifact, signature string) error {
	key, content, err := s.with(artifact)
	if err != nil {
		return err
	}
	made, err := read(signature)
	if err != nil {
		return err
	}
	_, err = openpgp.CheckDetachedSignature(openpgp.EntityList{key}, content, made, config)
	return err
}

// with gives the key and what it signs.
func (s secret) with(artifact string) (*openpgp.Entity, io.Reader, error) {
	key, err := s.unlocked()
	if err != nil {
		return nil, nil, err
	}
	content, err := read(artifact)
	return key, content, err
}

// unlocked is the one private key, of a kind that registries take. Errors hold nothing of it.
func (s secret) unlocked() (*openpgp.Entity, error) {
	keys, err := openpgp.ReadArmoredKeyRing(strings.NewReader(s.key))
	if err != nil {
		return nil, fmt.Errorf("GPG_PRIVATE_KEY is no armored key: %w", err)
	}
	if len(keys) != 1 || keys[0].PrivateKey == nil {
		return nil, errors.New("GPG_PRIVATE_KEY is not one private key")
	}
	signing, is := keys[0].SigningKey(time.Now()) // the key itself, or one below it
	if !is {
		return nil, errors.New("GPG_PRIVATE_KEY can't sign: it is expired, revoked, or for something else")
	}
	if algorithm := signing.PrivateKey.PubKeyAlgo; algorithm != packet.PubKeyAlgoRSA && algorithm != packet.PubKeyAlgoDSA {
		return nil, errors.New("what GPG_PRIVATE_KEY signs with is neither RSA nor DSA, and registries take no other")
	}
	if keys[0].PrivateKey.Encrypted {
		if err := keys[0].DecryptPrivateKeys([]byte(s.passphrase)); err != nil {
			return nil, fmt.Errorf("PASSPHRASE doesn't unlock GPG_PRIVATE_KEY: %w", err)
		}
	}
	return keys[0], nil
}

// read takes all of a file: sums and SBOMs are small.
func read(file string) (io.Reader, error) {
	content, err := os.ReadFile(file) //nolint:gosec // the caller's own choice
	return bytes.NewReader(content), err
}

// create makes a file that its owner alone may read, and doesn't write over one.
func create(file string) (*os.File, error) {
	return os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // the caller's own choice
}

func armored(output io.Writer, kind string, write func(io.Writer) error) error {
	encoder, err := armor.Encode(output, kind, nil)
	if err != nil {
		return err
	}
	return errors.Join(write(encoder), encoder.Close())
}
