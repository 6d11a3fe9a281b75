// Package certs issues certificates for servers on this machine.
package certs

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"strings"
	"sync"
	"time"
)

// Authority is a certificate authority for servers on this machine. It keeps its private key in memory only, so no
// other program can issue certificates with it. Several sandboxes can share an Authority. This is needed if one program
// is a client of several sandboxes, because it reads SSL_CERT_FILE only once.
type Authority struct {
	key         *ecdsa.PrivateKey
	certificate *x509.Certificate
	encoded     []byte // PEM

	mu     sync.Mutex
	issued map[string]*tls.Certificate // by server name
}

// NewAuthority returns an authority with a new private key.
func NewAuthority() (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("generate key: %w", err)
	}
	a := &Authority{key: key, issued: map[string]*tls.Certificate{}}
	template := certificateTemplate("AIWorkSpace sandbox")
	template.KeyUsage = x509.KeyUsageCertSign
	template.IsCA, template.BasicConstraintsValid, template.MaxPathLenZero = true, true, true
	der, err := a.sign(template, template, key)
	if err != nil {
		return nil, err
	}
	if a.certificate, err = x509.ParseCertificate(der); err != nil {
		return nil, fmt.Errorf("parse certificate: %w", err)
	}
	a.encoded = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return a, nil
}

// PEM returns the authority's certificate, which clients must trust.
func (a *Authority) PEM() []byte { return append([]byte(nil), a.encoded...) }

// ServerConfig returns a TLS configuration for a server on a loopback address or on one of the given IP addresses. The
// server presents a certificate for whatever server name a client sends, because a proxy may route any name to the
// server.
func (a *Authority) ServerConfig(addresses ...string) (*tls.Config, error) {
	certificate, err := a.issue("localhost", append([]string{"127.0.0.1", "::1"}, addresses...)...)
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion:   tls.VersionTLS12,
		Certificates: []tls.Certificate{*certificate}, // for clients that send no server name because they dial an IP address
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			return a.CertificateFor(strings.ToLower(hello.ServerName))
		},
	}, nil
}

// CertificateFor returns a certificate for a server name. It returns the same certificate at every call.
func (a *Authority) CertificateFor(name string) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if certificate, ok := a.issued[name]; ok {
		return certificate, nil
	}
	certificate, err := a.issue(name)
	if err == nil {
		a.issued[name] = certificate
	}
	return certificate, err
}

func (a *Authority) issue(name string, addresses ...string) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("generate key: %w", err)
	}
	template := certificateTemplate("AIWorkSpace sandbox's server")
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	template.DNSNames = []string{name}
	for _, address := range addresses {
		if ip := net.ParseIP(address); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		}
	}
	der, err := a.sign(template, a.certificate, key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der, a.certificate.Raw}, PrivateKey: key}, nil
}

func (a *Authority) sign(template, parent *x509.Certificate, subject *ecdsa.PrivateKey) ([]byte, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, fmt.Errorf("generate serial number: %w", err)
	}
	template.SerialNumber = serial
	der, err := x509.CreateCertificate(rand.Reader, template, parent, subject.Public(), a.key)
	if err != nil {
		return nil, fmt.Errorf("create certificate: %w", err)
	}
	return der, nil
}

// SignES256 returns the ES256 signature of a message, as JSON Web Tokens use it: ECDSA with P-256 and SHA-256, in 64
// bytes.
func (a *Authority) SignES256(message []byte) []byte {
	hash := sha256.Sum256(message)
	r, s, err := ecdsa.Sign(rand.Reader, a.key, hash[:])
	if err != nil {
		panic(err) // happens only for an invalid key
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return signature
}

// VerifyES256 reports whether SignES256 of this authority signed the message.
func (a *Authority) VerifyES256(message, signature []byte) bool {
	hash := sha256.Sum256(message)
	return len(signature) == 64 && ecdsa.Verify(&a.key.PublicKey, hash[:],
		new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:]))
}

// certificateTemplate returns a template that is valid now. It uses the machine's clock and not the sandbox's, because
// clients check certificates by the machine's clock.
func certificateTemplate(commonName string) *x509.Certificate {
	return &x509.Certificate{
		Subject:   pkix.Name{CommonName: commonName},
		NotBefore: time.Now().Add(-time.Hour),
		NotAfter:  time.Now().Add(7 * 24 * time.Hour),
	}
}
