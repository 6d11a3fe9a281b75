//go:debug x509usefallbackroots=1

package faultmatrix

import (
	"context"
	"crypto/x509"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/certs"
)

// Response codes of a name server. Source: RFC 1035, 4.1.1.
const (
	serverFailure byte = 2
	noSuchName    byte = 3
)

// The provider uses the system's certificate authorities and name server. In these tests, matrixAuthority and
// matrixNames replace them, so that tests can make them fail. matrixNames resolves only names in matrixDomain.
var (
	matrixAuthority = newAuthority()
	matrixNames     = &nameServer{failures: make(map[string]*nameFailure)}
)

const matrixDomain = ".matrix.test"

func newAuthority() *certs.Authority {
	authority, err := certs.NewAuthority()
	if err != nil {
		panic(err) // the machine has no random numbers
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority.PEM())
	x509.SetFallbackRoots(pool)
	return authority
}

func init() {
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: matrixNames.dial}
}

// nameServer resolves every name in matrixDomain to this machine, except names with a failure.
type nameServer struct {
	mu       sync.Mutex
	failures map[string]*nameFailure // by host
}

type nameFailure struct {
	code     byte
	queries  int // number of queries that fail; 0 if all fail
	received int
}

// fail adds a failure for the host: the next lookup fails with the code, or every lookup if always is true.
func (n *nameServer) fail(t *testing.T, host string, code byte, always bool) {
	t.Helper()
	queries := 0
	if !always {
		queries = n.queriesOfLookup(t, host, code)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.failures[host] = &nameFailure{code: code, queries: queries}
}

// queriesOfLookup returns the number of queries that the resolver sends for one failing lookup. The number depends on
// the machine, because the resolver queries two kinds of addresses and all search domains, and retries.
func (n *nameServer) queriesOfLookup(t *testing.T, host string, code byte) int {
	t.Helper()
	probe := "probe-" + host
	n.fail(t, probe, code, true)
	if _, err := net.DefaultResolver.LookupHost(t.Context(), probe); err == nil {
		t.Fatalf("%s has an address", probe)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.failures[probe].received
}

// resolve returns the response code for a name, and whether the name has an address.
func (n *nameServer) resolve(name string) (code byte, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	host, search, _ := strings.Cut(name, matrixDomain)
	host += matrixDomain
	if failure := n.failures[host]; failure != nil {
		failure.received++
		if failure.queries == 0 || failure.received <= failure.queries {
			return failure.code, false
		}
	}
	if search != "" { // the resolver has added a search domain, or the name is in another domain
		return noSuchName, false
	}
	return 0, true
}

// dial returns a connection to the server, on which messages have the format of TCP.
func (n *nameServer) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	go n.serve(server)
	return client, nil
}

// serve answers queries until the resolver closes the connection. Source: RFC 1035, 4.1 and 4.2.2.
func (n *nameServer) serve(connection net.Conn) {
	defer func() { _ = connection.Close() }()
	for {
		var length uint16
		if binary.Read(connection, binary.BigEndian, &length) != nil {
			return
		}
		query := make([]byte, length)
		if _, err := io.ReadFull(connection, query); err != nil {
			return
		}
		response := n.respond(query)
		length = uint16(len(response)) //nolint:gosec // fits: the response is a name and a few bytes
		if binary.Write(connection, binary.BigEndian, length) != nil {
			return
		}
		if _, err := connection.Write(response); err != nil {
			return
		}
	}
}

func (n *nameServer) respond(query []byte) []byte {
	const header, typeAndClass = 12, 4
	var labels []string
	end := header
	for query[end] > 0 {
		labels = append(labels, string(query[end+1:end+1+int(query[end])]))
		end += 1 + int(query[end])
	}
	question := query[header : end+1+typeAndClass]
	code, ok := n.resolve(strings.Join(labels, "."))
	records := byte(0)
	if isIPv4 := binary.BigEndian.Uint16(query[end+1:]) == 1; isIPv4 && ok {
		records = 1
	}
	response := []byte{query[0], query[1], 0x81, 0x80 | code, 0, 1, 0, records, 0, 0, 0, 0}
	response = append(response, question...)
	if records == 1 {
		// The name of the question, the type IPv4, the class Internet, a lifetime of 4 seconds, and 4 bytes of address.
		response = append(response, 0xC0, header, 0, 1, 0, 1, 0, 0, 0, 4, 0, 4, 127, 0, 0, 1)
	}
	return response
}
