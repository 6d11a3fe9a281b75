package acctest

import (
	"net"
	"syscall"
	"testing"
	"time"
)

// TestAccDroppedPackets plans with an endpoint whose packets are dropped, as by a firewall. The plan must end within 20
// seconds.
func TestAccDroppedPackets(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	address := dropPackets(t)
	planWithoutNetwork(t, "https://"+address, nil,
		address+" timed out after 5s (3 attempts): no response from "+address)
}

// dropPackets returns the address of a listener whose queue of connections is full. The system drops all packets for
// further connections.
func dropPackets(t *testing.T) string {
	t.Helper()
	listener := listenSilently(t)
	raw, err := listener.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var listenErr error
	if err := raw.Control(func(fd uintptr) { listenErr = syscall.Listen(int(fd), 0) }); err != nil || listenErr != nil {
		t.Fatal(err, listenErr)
	}
	address := listener.Addr().String()
	for range 10 {
		connection, err := (&net.Dialer{Timeout: time.Second}).DialContext(t.Context(), "tcp", address)
		if err != nil {
			return address
		}
		t.Cleanup(func() { _ = connection.Close() })
	}
	t.Fatal("the queue of connections is not full")
	return ""
}
