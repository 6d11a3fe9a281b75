package acctest

import (
	"fmt"
	"net"
	"syscall"
	"testing"
	"time"
)

// TestAccDroppedPackets plans while all packets to the API or to STS are dropped, as by a firewall. The plan must end
// within 20 seconds.
func TestAccDroppedPackets(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	address := dropPackets(t)
	t.Run("API", func(t *testing.T) {
		t.Parallel()
		planWithoutNetwork(t, endpointArgument("https://"+address), nil, unreachable,
			address+" timed out after 5s (3 attempts): no response from "+address)
	})
	t.Run("STS", func(t *testing.T) {
		t.Parallel()
		planWithoutNetwork(t, fmt.Sprintf("sts_endpoint = %q\n  assume_role {\n    role_arn = %q\n  }", address, readerRole),
			nil, "Cannot get credentials", "no response in time", readerRole, "`sts_endpoint`")
	})
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
