package faultmatrix

import (
	"net"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// onConnection returns a copy of the fault that occurs only on this kind of connection.
func (f matrixFault) onConnection(kind connectionKind) matrixFault {
	f.connection = kind
	return f
}

// overTLS returns a copy of the fault that occurs on connections with TLS and HTTP/2.
func (f matrixFault) overTLS() matrixFault {
	f.name = "HTTP/2, " + f.name
	f.tls = true
	return f
}

// withShortTimeout returns a copy of the fault with a short request_timeout, which the fault exceeds.
func (f matrixFault) withShortTimeout() matrixFault {
	f.timeout = shortTimeout
	return f
}

// connectionFaults are faults of the connection while the service sends a response.
//
// A fault that always occurs affects every connection of its kind. If this kind is a reused connection, the first retry
// succeeds because it uses a new connection. The exception is a request that Go's transport itself sends again.
var connectionFaults = []matrixFault{
	retried("reset before the header, new connection", paisandbox.Reset(), unreachable, threeAttempts, "connection reset").
		onConnection(newConnection),
	{
		// Go's transport sends the request again. The service refuses the second request because it has the same nonce,
		// and the client retries. This response keeps the connection open, so every attempt uses a reused connection.
		name: "reset before the header, reused connection", effect: anywhere(paisandbox.Reset()),
		connection: reusedConnection,
		once:       passes(3), always: fails(6, unavailable, "HTTP 400, code SignatureNonceUsed", "request ID "),
	},
	retried("reset in the header, new connection", paisandbox.ResetInHeader(), unreachable,
		threeAttempts).onConnection(newConnection),
	{
		name: "reset in the header, reused connection", effect: anywhere(paisandbox.ResetInHeader()),
		connection: reusedConnection, once: passes(2), always: passes(2),
	},
	retried("reset in the body, new connection", paisandbox.ResetInBody(), unreachable, threeAttempts, "connection reset").
		onConnection(newConnection),
	{
		name: "reset in the body, reused connection", effect: anywhere(paisandbox.ResetInBody()),
		connection: reusedConnection, once: passes(2), always: passes(2),
	},
	retried("incomplete body", paisandbox.Truncate(), unreachable, threeAttempts, "unexpected EOF"),

	retried("slow header", paisandbox.Hang(), unreachable, threeAttempts, "request_timeout").withShortTimeout(),
	retried("slow body", paisandbox.Trickle(shortTimeout/10), unreachable, threeAttempts, "request_timeout").
		withShortTimeout(),

	// With HTTP/2, requests share a connection, and Go's transport does not send a request again. The client can report a
	// broken connection as an incomplete response.
	retried("reset before the header", paisandbox.Reset(), unreachable, threeAttempts).overTLS(),
	retried("reset in the body", paisandbox.ResetInBody(), unreachable, threeAttempts).overTLS(),
	retried("incomplete body", paisandbox.Truncate(), unreachable, threeAttempts).overTLS(),
	retried("slow header", paisandbox.Hang(), unreachable, threeAttempts, "request_timeout").
		withShortTimeout().overTLS(),
	retried("slow body", paisandbox.Trickle(shortTimeout/10), unreachable, threeAttempts, "request_timeout").
		withShortTimeout().overTLS(),
}

// serverFaults are faults of the server's certificate, its host name, its clock and its sessions.
var serverFaults = []matrixFault{
	// If the certificate is wrong or the host name is unknown, the client sends no request and does not retry.
	{
		name: "certificate for another name", inject: presentOtherCertificate, tls: true, prepare: nameSandbox,
		once:   fails(0, unreachable, oneAttempt, "certificate is valid for other.example.com, not sandbox-"),
		always: fails(0, unreachable, oneAttempt, "certificate is valid for other.example.com, not sandbox-"),
	},
	{
		name: "unknown host", inject: failLookups(noSuchName), tls: true, prepare: nameSandbox,
		once:   fails(0, unreachable, oneAttempt, "no such host"),
		always: fails(0, unreachable, oneAttempt, "no such host"),
	},
	// A connection that fails is tried three times, whatever max_retries is.
	{
		name: "connection reset before the TLS handshake", tls: true, prepare: openGate,
		inject: failConnections(func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0); _ = c.Close() }),
		once:   passes(1), always: fails(0, unreachable, "failed (3 attempts)", "reset by peer"),
	},
	{
		name: "no response to the TLS handshake", tls: true, prepare: openGate,
		inject: failConnections(func(net.Conn) {}),
		once:   passes(1), always: fails(0, unreachable, threeAttempts, "timed out after 5s", "TLS handshake"),
	},
	{
		name: "failing name server", inject: failLookups(serverFailure), tls: true, prepare: nameSandbox,
		once: passes(1), always: fails(0, unreachable, threeAttempts, "server misbehaving"),
	},
	redirectFault("redirect", paisandbox.Redirect, "HTTP 302"),
	redirectFault("redirect that keeps the method", paisandbox.RedirectWithBody, "HTTP 307"),
	{
		name: "clock 20 minutes off", inject: setClockOff,
		once:   fails(1, wrongClock, "HTTP 400, code InvalidTimeStamp.Expired", "request ID "),
		always: fails(1, wrongClock, "HTTP 400, code InvalidTimeStamp.Expired", "request ID "),
	},
	{
		name: "expired session of a sidecar", inject: expireSessions, prepare: signInBySidecar, check: checkTwoSessions,
		once: passes(2), always: fails(2, expiredToken, "HTTP 400, code InvalidSecurityToken.Expired", "request ID "),
	},
	{
		name: "expired session in the provider block", inject: expireSessions, prepare: signInBySession, // can't be renewed
		once:   fails(1, expiredToken, "HTTP 400, code InvalidSecurityToken.Expired", "request ID "),
		always: fails(1, expiredToken, "HTTP 400, code InvalidSecurityToken.Expired", "request ID "),
	},
}

// redirectFault returns a fault that redirects to another host, which must not receive a request (design rule 4).
func redirectFault(name string, redirect func(url string) paisandbox.Effect, status string) matrixFault {
	outcome := fails(1, redirected, status, "http://127.0.0.1:")
	return matrixFault{
		name: name, prepare: startRedirectTarget, check: checkRedirectTarget, once: outcome, always: outcome,
		effect: func(c *matrixCell) paisandbox.Effect { return redirect(c.target.URL() + "/api/v1/images") },
	}
}
