package acctest

import "terraform.local/pai/terraform-provider-pai/internal/paisandbox"

// connectionFaults are about the way that an answer comes.
var connectionFaults = []matrixFault{
	// The connection breaks. "Always" is on every connection of the kind, so what strikes only reused ones and isn't sent again
	// by Go's transport passes at the first retry, on a new connection.
	{
		name: "reset before the header, new connection", do: everywhere(paisandbox.Reset()), on: newConnection,
		once: passes(2), always: fails(3, endUnreachable, allAttempts, "connection reset"),
	},
	{
		// The transport sends the request again by itself, which the service refuses, as it knows the nonce; then the client tries
		// again. The answer that refuses leaves its connection to the next attempt, and so every attempt meets the fault.
		name: "reset before the header, reused connection", do: everywhere(paisandbox.Reset()), on: reusedConnection,
		once: passes(3), always: fails(6, endInTrouble, "HTTP 400, code SignatureNonceUsed: ", "request ID "),
	},
	{
		name: "reset in the header, new connection", do: everywhere(paisandbox.ResetInHeader()), on: newConnection,
		once: passes(2), always: fails(3, endUnreachable, allAttempts),
	},
	{
		name: "reset in the header, reused connection", do: everywhere(paisandbox.ResetInHeader()), on: reusedConnection,
		once: passes(2), always: passes(2),
	},
	{
		name: "reset in the body, new connection", do: everywhere(paisandbox.ResetInBody()), on: newConnection,
		once: passes(2), always: fails(3, endUnreachable, allAttempts, "connection reset"),
	},
	{
		name: "reset in the body, reused connection", do: everywhere(paisandbox.ResetInBody()), on: reusedConnection,
		once: passes(2), always: passes(2),
	},
	{
		name: "body cut off", do: everywhere(paisandbox.Truncate()),
		once: passes(2), always: fails(3, endUnreachable, allAttempts, "unexpected EOF"),
	},

	// The answer is slow.
	{
		name: "slow header", do: everywhere(paisandbox.Hang()), timeout: shortTimeout,
		once: passes(2), always: fails(3, endUnreachable, allAttempts, "request_timeout"),
	},
	{
		name: "body that trickles", do: everywhere(paisandbox.Trickle(shortTimeout / 10)), timeout: shortTimeout,
		once: passes(2), always: fails(3, endUnreachable, allAttempts, "request_timeout"),
	},

	// Over HTTP/2 a request has no connection of its own, the transport sends none again, and the broken connection may show
	// itself as an answer that ends too soon.
	{
		name: "HTTP/2: reset before the header", do: everywhere(paisandbox.Reset()), secure: true,
		once: passes(2), always: fails(3, endUnreachable, allAttempts),
	},
	{
		name: "HTTP/2: reset in the body", do: everywhere(paisandbox.ResetInBody()), secure: true,
		once: passes(2), always: fails(3, endUnreachable, allAttempts),
	},
	{
		name: "HTTP/2: body cut off", do: everywhere(paisandbox.Truncate()), secure: true,
		once: passes(2), always: fails(3, endUnreachable, allAttempts),
	},
	{
		name: "HTTP/2: slow header", do: everywhere(paisandbox.Hang()), secure: true, timeout: shortTimeout,
		once: passes(2), always: fails(3, endUnreachable, allAttempts, "request_timeout"),
	},
	{
		name: "HTTP/2: body that trickles", do: everywhere(paisandbox.Trickle(shortTimeout / 10)), secure: true, timeout: shortTimeout,
		once: passes(2), always: fails(3, endUnreachable, allAttempts, "request_timeout"),
	},
}

// partyFaults are about who answers, and when.
var partyFaults = []matrixFault{
	// Somebody else answers, or nobody. No request is sent to whom the certificate doesn't name, or what has no address; it is
	// the same once and always, for neither is tried again.
	{
		name: "TLS with a wrong name", arm: showAnotherName, secure: true, scene: nameSandbox,
		once:   fails(0, endUnreachable, firstAttempt, "certificate is valid for other.example.com, not sandbox-"),
		always: fails(0, endUnreachable, firstAttempt, "certificate is valid for other.example.com, not sandbox-"),
	},
	{
		name: "a name that doesn't resolve", arm: loseName(noSuchName), secure: true, scene: nameSandbox,
		once:   fails(0, endUnreachable, firstAttempt, "no such host"),
		always: fails(0, endUnreachable, firstAttempt, "no such host"),
	},
	{
		name: "a name server in trouble", arm: loseName(serverFailure), secure: true, scene: nameSandbox,
		once: passes(1), always: fails(0, endUnreachable, allAttempts, "server misbehaving"),
	},
	{
		name: "redirect to another host", scene: startElsewhere, check: wantNothingElsewhere,
		do: func(c *matrixCell) paisandbox.Effect {
			return paisandbox.Redirect(c.elsewhere.URL() + "/api/v1/images")
		},
		once:   fails(1, endElsewhere, "HTTP 302: redirects to http://127.0.0.1:"),
		always: fails(1, endElsewhere, "HTTP 302: redirects to http://127.0.0.1:"),
	},
	{
		name: "redirect of another kind", scene: startElsewhere, check: wantNothingElsewhere,
		do: func(c *matrixCell) paisandbox.Effect {
			return paisandbox.RedirectWithBody(c.elsewhere.URL() + "/api/v1/images")
		},
		once:   fails(1, endElsewhere, "HTTP 307: redirects to http://127.0.0.1:"),
		always: fails(1, endElsewhere, "HTTP 307: redirects to http://127.0.0.1:"),
	},

	// Time has passed.
	{
		name: "clock 20 minutes off", arm: setClockOff,
		once:   fails(1, endClock, "HTTP 400, code InvalidTimeStamp.Expired: ", "request ID "),
		always: fails(1, endClock, "HTTP 400, code InvalidTimeStamp.Expired: ", "request ID "),
	},
	{
		name: "token expired, to be renewed", arm: expireSessions, scene: signInBySidecar, check: wantTwoSessions,
		once: passes(2), always: fails(2, endExpired, "HTTP 400, code InvalidSecurityToken.Expired: ", "request ID "),
	},
	{
		name: "token expired, of keys", arm: expireSessions, scene: signInBySession, // it never comes to life again
		once:   fails(1, endExpired, "HTTP 400, code InvalidSecurityToken.Expired: ", "request ID "),
		always: fails(1, endExpired, "HTTP 400, code InvalidSecurityToken.Expired: ", "request ID "),
	},
}
