package paisandbox

import (
	"context"
	"testing"
	"time"
)

// others are all servers that can be started for a sandbox.
var others = map[string]func(context.Context, *Sandbox, string) (*server, error){
	"STS": func(ctx context.Context, s *Sandbox, addr string) (*server, error) {
		sts, err := s.StartSTS(ctx, STSOptions{Addr: addr})
		if err != nil {
			return nil, err
		}
		return &sts.server, nil
	},
	"sidecar": func(ctx context.Context, s *Sandbox, addr string) (*server, error) {
		sidecar, err := s.StartSidecar(ctx, SidecarOptions{Addr: addr})
		if err != nil {
			return nil, err
		}
		return &sidecar.server, nil
	},
	"metadata": func(ctx context.Context, s *Sandbox, addr string) (*server, error) {
		metadata, err := s.StartMetadata(ctx, MetadataOptions{Addr: addr})
		if err != nil {
			return nil, err
		}
		return &metadata.server, nil
	},
	"SSO": func(ctx context.Context, s *Sandbox, addr string) (*server, error) {
		sso, err := s.StartSSO(ctx, SSOOptions{Addr: addr})
		if err != nil {
			return nil, err
		}
		return &sso.server, nil
	},
	"proxy": func(ctx context.Context, _ *Sandbox, addr string) (*server, error) {
		proxy, err := StartProxy(ctx, ProxyOptions{Addr: addr})
		if err != nil {
			return nil, err
		}
		return &proxy.server, nil
	},
}

func listens(t *testing.T, s *server) bool {
	t.Helper()
	return failure(t, trusting(s.CertificatePEM()), s.URL()) == nil
}

func TestServersEnd(t *testing.T) {
	t.Parallel()
	for name, launch := range others {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, Options{})
			closed, err := launch(t.Context(), s, "")
			if err != nil {
				t.Fatal(err)
			}
			if !listens(t, closed) {
				t.Error("it doesn't serve")
			}
			if _, err := launch(t.Context(), s, closed.Host()); err == nil {
				t.Error("two on one port")
			}
			for range 2 {
				if err := closed.Close(); err != nil || listens(t, closed) {
					t.Errorf("it serves after its end, or ended with an error: %v", err)
				}
			}

			ctx, cancel := context.WithCancel(t.Context())
			cancelled, err := launch(ctx, s, "")
			if err != nil {
				t.Fatal(err)
			}
			cancel()
			for begun := time.Now(); listens(t, cancelled); time.Sleep(time.Millisecond) {
				if time.Since(begun) > 5*time.Second {
					t.Fatal("it serves after its context has ended")
				}
			}
			if _, err := launch(ctx, s, ""); err == nil {
				t.Error("started in a context that had ended")
			}
		})
	}
}

func TestServersEndWithTheirSandbox(t *testing.T) {
	t.Parallel()
	for name, launch := range others {
		if name == "proxy" { // which is nobody's
			continue
		}
		s, err := Start(t.Context(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		started, err := launch(t.Context(), s, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if listens(t, started) {
			t.Errorf("%s: it serves after its sandbox's end", name)
		}
		if _, err := launch(t.Context(), s, ""); err == nil {
			t.Errorf("%s: started for a sandbox that has ended", name)
		}
	}
}

func TestCloseEndsWaitingAtSTS(t *testing.T) {
	t.Parallel()
	for _, do := range []Effect{Hang(), Delay(time.Hour)} {
		s := start(t, Options{})
		sts := startSTS(t, s, STSOptions{})
		arrived, ended := make(chan struct{}), make(chan error, 1)
		sts.Before(1, func(*Sandbox) { close(arrived) })
		sts.AddFault(Fault{Do: do})
		go func() {
			ended <- failure(t, trusting(sts.CertificatePEM()), sts.URL()+"/?Action=AssumeRoleWithOIDC&Version=2015-04-01&Format=JSON")
		}()
		<-arrived
		begun := time.Now()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := <-ended; err == nil || time.Since(begun) > time.Second {
			t.Errorf("after %s the client got an answer, or an error: %v", time.Since(begun), err)
		}
	}
}
