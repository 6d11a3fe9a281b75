package paiclient_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// renewing is a source whose first credentials expire.
type renewing struct {
	renewed atomic.Int32
	able    bool
}

func (r *renewing) Credentials(context.Context) (paiclient.Credentials, error) {
	return paiclient.Credentials{
		AccessKeyID: paisandbox.DefaultAccessKeyID, AccessKeySecret: paisandbox.DefaultAccessKeySecret,
		SecurityToken: fmt.Sprintf("token-%d", r.renewed.Load()),
	}, nil
}

func (r *renewing) Renew(expired paiclient.Credentials) bool {
	if r.able && expired.SecurityToken == "token-0" {
		r.renewed.Store(1)
	}
	return r.able
}

// always says that it can renew.
type always struct{ paiclient.CredentialSource }

func (always) Renew(paiclient.Credentials) bool { return true }

// TestRenewedOnce: credentials that are new and still called expired are an error, and not fetched without end.
func TestRenewedOnce(t *testing.T) {
	t.Parallel()
	sandbox := start(t, paisandbox.Options{})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.APIError(400, "InvalidSecurityToken.Expired", "expired")})
	client := connect(t, sandbox, func(o *paiclient.Options) { o.Credentials = always{o.Credentials} })
	_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
	var expired *paiclient.APIError
	if !errors.As(err, &expired) || expired.Kind != paiclient.KindExpiredToken || len(sandbox.Requests()) != 2 {
		t.Errorf("got %v after %d requests", err, len(sandbox.Requests()))
	}
}

// TestExpiredCredentialsAreRenewedOnce between two pages of a listing.
func TestExpiredCredentialsAreRenewedOnce(t *testing.T) {
	t.Parallel()
	for _, able := range []bool{true, false} {
		sandbox := start(t, paisandbox.Options{
			Catalogue: paisandbox.Numbered(numbered), AccessKeyID: paisandbox.DefaultAccessKeyID,
			AccessKeySecret: paisandbox.DefaultAccessKeySecret, SecurityToken: "token-0",
		})
		sandbox.BeforeRequest(2, func(s *paisandbox.Sandbox) {
			s.SetCredentials(paisandbox.DefaultAccessKeyID, paisandbox.DefaultAccessKeySecret, "token-1")
		})
		sandbox.AddFault(paisandbox.Fault{
			Match: func(r paisandbox.Request) bool { return r.Header.Get("x-acs-security-token") == "token-0" },
			Skip:  1, Do: paisandbox.APIError(400, "InvalidSecurityToken.Expired", "expired"),
		})
		source := &renewing{able: able}
		client := connect(t, sandbox, oneAtATime, func(o *paiclient.Options) { o.Credentials = source })
		listing, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
		if able {
			if err != nil || len(listing.Images) != numbered {
				t.Errorf("got %v", err)
			}
			continue
		}
		var expired *paiclient.APIError
		if !errors.As(err, &expired) || expired.Kind != paiclient.KindExpiredToken || len(sandbox.Requests()) != 2 {
			t.Errorf("got %v after %d requests", err, len(sandbox.Requests()))
		}
	}
}

type noCredentials struct{}

func (noCredentials) Credentials(context.Context) (paiclient.Credentials, error) {
	return paiclient.Credentials{}, errors.New("none here")
}
func (noCredentials) Renew(paiclient.Credentials) bool { return true }

func TestWithoutCredentialsNothingIsSent(t *testing.T) {
	t.Parallel()
	sandbox := start(t, paisandbox.Options{})
	client := connect(t, sandbox, func(o *paiclient.Options) { o.Credentials = noCredentials{} })
	_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
	var missing *paiclient.CredentialsError
	if !errors.As(err, &missing) || missing.Error() != "no credentials: none here" || len(sandbox.Requests()) != 0 {
		t.Errorf("got %v after %d requests", err, len(sandbox.Requests()))
	}
}

// busy is a source whose trouble passes.
type busy struct {
	asked  atomic.Int32
	passes bool
}

func (b *busy) Error() string   { return "busy" }
func (b *busy) Temporary() bool { return b.passes }

func (b *busy) Credentials(context.Context) (paiclient.Credentials, error) {
	if b.asked.Add(1) < 3 {
		return paiclient.Credentials{}, b
	}
	return paiclient.Credentials{AccessKeyID: paisandbox.DefaultAccessKeyID, AccessKeySecret: paisandbox.DefaultAccessKeySecret}, nil
}
func (*busy) Renew(paiclient.Credentials) bool { return false }

// TestPassingTroubleWithCredentialsIsTriedAgain, and no other.
func TestPassingTroubleWithCredentialsIsTriedAgain(t *testing.T) {
	t.Parallel()
	sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(1)})
	for _, source := range []*busy{{passes: true}, {passes: false}} {
		client := connect(t, sandbox, func(o *paiclient.Options) { o.Credentials = source })
		if _, err := client.ListImages(t.Context(), paiclient.ListImagesInput{}); (err == nil) != source.passes {
			t.Errorf("passes: %t, %v after %d", source.passes, err, source.asked.Load())
		}
	}
}

// slow is a source that has nothing before the first attempt is over.
type slow struct{ asked atomic.Int32 }

func (s *slow) Credentials(ctx context.Context) (paiclient.Credentials, error) {
	if s.asked.Add(1) == 1 {
		<-ctx.Done()
		return paiclient.Credentials{}, ctx.Err()
	}
	return paiclient.Credentials{AccessKeyID: paisandbox.DefaultAccessKeyID, AccessKeySecret: paisandbox.DefaultAccessKeySecret}, nil
}
func (*slow) Renew(paiclient.Credentials) bool { return false }

func TestSlowCredentialsAreWaitedFor(t *testing.T) {
	t.Parallel()
	sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(1)})
	client := connect(t, sandbox, func(o *paiclient.Options) {
		o.Credentials, o.RequestTimeout = &slow{}, 500*time.Millisecond
	})
	if _, err := client.ListImages(t.Context(), paiclient.ListImagesInput{}); err != nil {
		t.Error(err)
	}
}
