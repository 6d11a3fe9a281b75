//go:debug x509usefallbackroots=1

package acctest

import (
	"context"
	"crypto/x509"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// What a name server answers where it has no address.
const (
	serverFailure byte = 2
	noSuchName    byte = 3
)

// The provider takes from the machine whom to trust and how to look names up. The tests' own stand in their place, so that
// both can go wrong; a lookup of a name outside of matrixDomain finds none, and asks nobody.
var (
	matrixAuthority = makeAuthority()
	matrixNames     = &nameServer{trouble: make(map[string]*nameTrouble)}
)

const matrixDomain = ".matrix.test"

func makeAuthority() *paisandbox.Authority {
	authority, err := paisandbox.NewAuthority()
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

// nameServer knows every name in matrixDomain as this machine's, but for those that are in trouble.
type nameServer struct {
	mu      sync.Mutex
	trouble map[string]*nameTrouble // by host
}

type nameTrouble struct {
	code    byte
	queries int // that are answered so before all is well; 0: all
	asked   int
}

// fail has a host's name answered with the code, in the next lookup or in all.
func (n *nameServer) fail(t *testing.T, host string, code byte, always bool) {
	t.Helper()
	queries := 0
	if !always {
		queries = n.queriesOfLookup(t, host, code)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.trouble[host] = &nameTrouble{code: code, queries: queries}
}

// queriesOfLookup counts what a lookup in vain takes: two kinds of addresses, the machine's search domains, another attempt.
func (n *nameServer) queriesOfLookup(t *testing.T, host string, code byte) int {
	t.Helper()
	probe := "probe-" + host
	n.fail(t, probe, code, true)
	if _, err := net.DefaultResolver.LookupHost(t.Context(), probe); err == nil {
		t.Fatalf("%s has an address", probe)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.trouble[probe].asked
}

// answers gives the code for a name, and whether it has an address.
func (n *nameServer) answers(name string) (code byte, known bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	host, search, _ := strings.Cut(name, matrixDomain)
	host += matrixDomain
	if trouble := n.trouble[host]; trouble != nil {
		trouble.asked++
		if trouble.queries == 0 || trouble.asked <= trouble.queries {
			return trouble.code, false
		}
	}
	if search != "" { // a search domain stands behind it, or it is none of ours
		return noSuchName, false
	}
	return 0, true
}

// dial gives the resolver a line to the server, in the form of TCP.
func (n *nameServer) dial(context.Context, string, string) (net.Conn, error) {
	here, there := net.Pipe()
	go n.serve(there)
	return here, nil
}

// serve answers queries until the resolver hangs up. See RFC 1035, 4.1 and 4.2.2.
func (n *nameServer) serve(line net.Conn) {
	defer func() { _ = line.Close() }()
	for {
		var length uint16
		if binary.Read(line, binary.BigEndian, &length) != nil {
			return
		}
		query := make([]byte, length)
		if _, err := io.ReadFull(line, query); err != nil {
			return
		}
		answer := n.answer(query)
		length = uint16(len(answer)) //nolint:gosec // a name's, and a few bytes more
		if binary.Write(line, binary.BigEndian, length) != nil {
			return
		}
		if _, err := line.Write(answer); err != nil {
			return
		}
	}
}

func (n *nameServer) answer(query []byte) []byte {
	const header, kindAndClass = 12, 4
	var labels []string
	at := header
	for query[at] > 0 {
		labels = append(labels, string(query[at+1:at+1+int(query[at])]))
		at += 1 + int(query[at])
	}
	question := query[header : at+1+kindAndClass]
	code, known := n.answers(strings.Join(labels, "."))
	records := byte(0)
	if isIPv4 := binary.BigEndian.Uint16(query[at+1:]) == 1; isIPv4 && known {
		records = 1
	}
	answer := []byte{query[0], query[1], 0x81, 0x80 | code, 0, 1, 0, records, 0, 0, 0, 0}
	answer = append(answer, question...)
	if records == 1 {
		// The name that was asked for, IPv4, Internet, 4 seconds, 4 bytes.
		answer = append(answer, 0xC0, header, 0, 1, 0, 1, 0, 0, 0, 4, 0, 4, 127, 0, 0, 1)
	}
	return answer
}
