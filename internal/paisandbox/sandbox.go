// Package paisandbox is AIWorkSpace's image API in memory, served over real HTTP: ListImages and GetImage with the
// signature check, filters, sorting, paging and error shapes of the service, and faults that a test turns on.
//
// It shares no code with the client. Where the service's behaviour is not published, the sandbox takes the answer
// that is harder on a client: fuzzy filters, an arbitrary order among equal times, labels only where asked for.
package paisandbox

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// What a sandbox uses where its options say nothing.
const (
	DefaultAddr            = "127.0.0.1:0"
	DefaultAccessKeyID     = "SandboxAccessKeyId"
	DefaultAccessKeySecret = "SandboxAccessKeySecret"
	DefaultMaxPageSize     = 100
	DefaultRegion          = "cn-hangzhou"
)

// Options says how a sandbox is started. The zero value is a plain HTTP server on a free loopback port with the
// built-in catalogue.
type Options struct {
	Addr      string  // address to listen on, DefaultAddr when empty
	TLS       bool    // serve HTTPS with a certificate made at start, HTTP/2 offered
	Region    string  // whose images are listed and whose name Environ gives; empty: all images, DefaultRegion
	Catalogue []Image // nil: Catalogue(), of the region where one is set; what is given is listed whole

	// The one set of credentials that is let in; all three empty: the default id and secret and no token.
	AccessKeyID, AccessKeySecret, SecurityToken string

	MaxPageSize int              // larger requests are clamped without a word; DefaultMaxPageSize when 0
	Now         func() time.Time // clock that dates are checked by, time.Now when nil
}

// Sandbox is a running server. All its methods may be called at any time from any goroutine.
type Sandbox struct {
	region      string
	maxPageSize int
	now         func() time.Time

	url         string
	certificate []byte
	server      *http.Server
	alive       context.Context // ends when the sandbox closes: delayed and hanging requests wait on it
	kill        context.CancelFunc
	serving     sync.WaitGroup
	closeOnce   sync.Once
	closeErr    error

	compressors sync.Pool // of *gzip.Writer, which are costly to make

	keys      keyring
	nonces    nonceStore
	log       requestLog
	faults    faultList
	catalogue catalogueStore
}

// Start listens and serves until Close is called or ctx ends.
func Start(ctx context.Context, o Options) (*Sandbox, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	s := &Sandbox{region: cmp.Or(o.Region, DefaultRegion), maxPageSize: o.MaxPageSize, now: o.Now}
	if s.maxPageSize <= 0 {
		s.maxPageSize = DefaultMaxPageSize
	}
	if s.now == nil {
		s.now = time.Now
	}
	if o.AccessKeyID == "" && o.AccessKeySecret == "" {
		o.AccessKeyID, o.AccessKeySecret = DefaultAccessKeyID, DefaultAccessKeySecret
	}
	s.SetCredentials(o.AccessKeyID, o.AccessKeySecret, o.SecurityToken)
	if o.Catalogue == nil {
		o.Catalogue = Catalogue()
		if o.Region != "" {
			o.Catalogue = InRegion(o.Catalogue, o.Region)
		}
	}
	s.SetImages(o.Catalogue)

	addr := o.Addr
	if addr == "" {
		addr = DefaultAddr
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	if err := s.serve(ctx, listener, o.TLS); err != nil {
		return nil, errors.Join(fmt.Errorf("sandbox: %w", err), listener.Close())
	}
	return s, nil
}

func (s *Sandbox) serve(ctx context.Context, listener net.Listener, secure bool) error {
	s.alive, s.kill = context.WithCancel(ctx)
	s.server = &http.Server{
		Handler:           http.HandlerFunc(s.handle),
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return s.alive },
		ConnContext:       withConnection,
		// Broken handshakes and aborted requests are what tests are about; they don't belong on their stderr.
		ErrorLog: log.New(io.Discard, "", 0),
	}
	run := s.server.Serve
	host, port := reachable(listener.Addr())
	s.url = "http://" + net.JoinHostPort(host, port)
	if secure {
		pair, encoded, err := newCertificate(host)
		if err != nil {
			s.kill()
			return err
		}
		s.certificate = encoded
		s.url = "https://" + net.JoinHostPort(host, port)
		s.server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
		run = func(l net.Listener) error { return s.server.ServeTLS(l, "", "") }
	}
	s.serving.Go(func() {
		if err := run(listener); !errors.Is(err, http.ErrServerClosed) {
			s.kill()
		}
	})
	context.AfterFunc(ctx, func() { _ = s.Close() })
	return nil
}

// reachable turns the address of a listener into one that a client on this machine can dial.
func reachable(addr net.Addr) (host, port string) {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok {
		return addr.String(), ""
	}
	if tcp.IP.IsUnspecified() {
		return "127.0.0.1", fmt.Sprint(tcp.Port)
	}
	return tcp.IP.String(), fmt.Sprint(tcp.Port)
}

// URL is where the sandbox answers, such as http://127.0.0.1:41233.
func (s *Sandbox) URL() string { return s.url }

// CertificatePEM is the certificate to trust, nil without TLS.
func (s *Sandbox) CertificatePEM() []byte { return append([]byte(nil), s.certificate...) }

// Close ends the listener, every connection and every delayed or hanging request.
func (s *Sandbox) Close() error {
	s.closeOnce.Do(func() {
		s.kill()
		s.closeErr = s.server.Close()
		s.serving.Wait()
	})
	return s.closeErr
}

// Environ lists what a user's environment needs to reach the sandbox, as KEY=value.
func (s *Sandbox) Environ() []string {
	id, k := s.keys.current()
	env := []string{
		"ALIBABA_CLOUD_ENDPOINT_AIWORKSPACE=" + s.url,
		"ALIBABA_CLOUD_REGION=" + s.region,
		"ALIBABA_CLOUD_ACCESS_KEY_ID=" + id,
		"ALIBABA_CLOUD_ACCESS_KEY_SECRET=" + k.secret,
	}
	if k.token != "" {
		env = append(env, "ALIBABA_CLOUD_SECURITY_TOKEN="+k.token)
	}
	return env
}
