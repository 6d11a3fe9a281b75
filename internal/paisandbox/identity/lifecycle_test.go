package identity

import (
	"context"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// startFuncs start a server of each kind.
var startFuncs = map[string]func(context.Context, *paisandbox.Sandbox, string) (*paisandbox.Server, error){
	"STS": func(ctx context.Context, s *paisandbox.Sandbox, addr string) (*paisandbox.Server, error) {
		sts, err := StartSTS(ctx, s, STSOptions{Addr: addr})
		if err != nil {
			return nil, err
		}
		return &sts.Server, nil
	},
	"sidecar": func(ctx context.Context, s *paisandbox.Sandbox, addr string) (*paisandbox.Server, error) {
		sidecar, err := StartSidecar(ctx, s, SidecarOptions{Addr: addr})
		if err != nil {
			return nil, err
		}
		return &sidecar.Server, nil
	},
	"metadata": func(ctx context.Context, s *paisandbox.Sandbox, addr string) (*paisandbox.Server, error) {
		metadata, err := StartMetadata(ctx, s, MetadataOptions{Addr: addr})
		if err != nil {
			return nil, err
		}
		return &metadata.Server, nil
	},
	"SSO": func(ctx context.Context, s *paisandbox.Sandbox, addr string) (*paisandbox.Server, error) {
		sso, err := StartSSO(ctx, s, SSOOptions{Addr: addr})
		if err != nil {
			return nil, err
		}
		return &sso.Server, nil
	},
	"proxy": func(ctx context.Context, _ *paisandbox.Sandbox, addr string) (*paisandbox.Server, error) {
		proxy, err := StartProxy(ctx, ProxyOptions{Addr: addr})
		if err != nil {
			return nil, err
		}
		return proxy.Server, nil
	},
}

func isListening(t *testing.T, s *paisandbox.Server) bool {
	t.Helper()
	return getError(t, newTLSClient(s.CertificatePEM()), s.URL()) == nil
}

func TestServersClose(t *testing.T) {
	t.Parallel()
	for name, start := range startFuncs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t, paisandbox.Options{})
			server, err := start(t.Context(), s, "")
			if err != nil {
				t.Fatal(err)
			}
			if !isListening(t, server) {
				t.Error("the server doesn't respond")
			}
			if _, err := start(t.Context(), s, server.Host()); err == nil {
				t.Error("two servers listen on one port")
			}
			for range 2 {
				if err := server.Close(); err != nil || isListening(t, server) {
					t.Errorf("Close returned %v; still listening: %t", err, isListening(t, server))
				}
			}

			ctx, cancel := context.WithCancel(t.Context())
			server, err = start(ctx, s, "")
			if err != nil {
				t.Fatal(err)
			}
			cancel()
			for begin := time.Now(); isListening(t, server); time.Sleep(time.Millisecond) {
				if time.Since(begin) > 5*time.Second {
					t.Fatal("the server listens after its context was cancelled")
				}
			}
			if _, err := start(ctx, s, ""); err == nil {
				t.Error("a server started in a cancelled context")
			}
		})
	}
}

func TestServersCloseWithTheirSandbox(t *testing.T) {
	t.Parallel()
	for name, start := range startFuncs {
		if name == "proxy" { // a proxy belongs to no sandbox
			continue
		}
		s, err := paisandbox.Start(t.Context(), paisandbox.Options{})
		if err != nil {
			t.Fatal(err)
		}
		server, err := start(t.Context(), s, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if isListening(t, server) {
			t.Errorf("%s: it listens after its sandbox was closed", name)
		}
		if _, err := start(t.Context(), s, ""); err == nil {
			t.Errorf("%s: started for a closed sandbox", name)
		}
	}
}

func TestCloseEndsDelayedRequests(t *testing.T) {
	t.Parallel()
	for _, do := range []paisandbox.Effect{paisandbox.Hang(), paisandbox.Delay(time.Hour)} {
		s := startSandbox(t, paisandbox.Options{})
		sts := startSTS(t, s, STSOptions{})
		arrived, ended := make(chan struct{}), make(chan error, 1)
		sts.BeforeRequest(1, func(*paisandbox.Sandbox) { close(arrived) })
		sts.AddFault(paisandbox.Fault{Do: do})
		client := newTLSClient(sts.CertificatePEM())
		go func() {
			ended <- getError(t, client, sts.URL()+"/?Action=AssumeRoleWithOIDC&Version=2015-04-01&Format=JSON")
		}()
		<-arrived
		begin := time.Now()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := <-ended; err == nil || time.Since(begin) > time.Second {
			t.Errorf("the request ended after %s, error: %v", time.Since(begin), err)
		}
	}
}
