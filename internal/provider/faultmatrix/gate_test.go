package faultmatrix

import (
	"io"
	"net"
	"sync"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// gate is a server in front of the sandbox. It can make connections fail before the TLS handshake.
type gate struct {
	t        *testing.T
	listener net.Listener
	sandbox  string // host and port

	mu    sync.Mutex
	fault func(net.Conn) // nil if connections don't fail
	times int            // number of connections that fail; 0 if all fail
}

// openGate configures an endpoint with a gate.
func openGate(c *matrixCell) {
	var config net.ListenConfig
	listener, err := config.Listen(c.t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = listener.Close() })
	c.gate = &gate{t: c.t, listener: listener, sandbox: c.sandbox.Host()}
	c.block["endpoint"] = "https://" + listener.Addr().String()
	c.block["max_retries"] = 10 // more than the attempts without a connection
	go c.gate.serve()
}

func (g *gate) serve() {
	for {
		connection, err := g.listener.Accept()
		if err != nil {
			return
		}
		g.t.Cleanup(func() { _ = connection.Close() })
		g.mu.Lock()
		fault := g.fault
		if g.times--; g.times == 0 {
			g.fault = nil
		}
		g.mu.Unlock()
		if fault != nil {
			fault(connection)
			continue
		}
		var dialer net.Dialer
		server, err := dialer.DialContext(g.t.Context(), "tcp", g.sandbox)
		if err != nil {
			return
		}
		go forward(server, connection)
		go forward(connection, server)
	}
}

// forward copies everything that one connection receives to another, and then closes both.
func forward(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	_ = to.Close()
	_ = from.Close()
}

// failConnections returns a function for matrixFault.inject. With this function, new connections to the gate fail.
func failConnections(fault func(net.Conn)) func(*matrixCell) {
	return func(c *matrixCell) {
		c.beforePlace(func(*paisandbox.Sandbox) {
			c.gate.mu.Lock()
			defer c.gate.mu.Unlock()
			c.gate.fault, c.gate.times = fault, c.times()
		})
	}
}
