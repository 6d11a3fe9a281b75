package paiclient_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// stubSource is a CredentialSource for tests. It calls credentials with the number of the call, which starts at 1.
type stubSource struct {
	calls       atomic.Int32
	credentials func(ctx context.Context, number int) (paiclient.Credentials, error)
	renew       func(expired paiclient.Credentials) bool
}

func (s *stubSource) Credentials(ctx context.Context) (paiclient.Credentials, error) {
	return s.credentials(ctx, int(s.calls.Add(1)))
}

func (s *stubSource) Renew(expired paiclient.Credentials) bool {
	return s.renew != nil && s.renew(expired)
}

// TestRenewExpiredCredentials lets the credentials expire between two pages of a list. If the source can renew them,
// the list must be complete. Otherwise, ListImages must return the API's error.
func TestRenewExpiredCredentials(t *testing.T) {
	t.Parallel()
	for name, canRenew := range map[string]bool{"can renew": true, "cannot renew": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := startSandbox(t, paisandbox.Options{
				Catalogue: paisandbox.Numbered(imageCount), AccessKeyID: paisandbox.DefaultAccessKeyID,
				AccessKeySecret: paisandbox.DefaultAccessKeySecret, SecurityToken: "token-0",
			})
			sandbox.BeforeRequest(2, func(s *paisandbox.Sandbox) {
				s.SetCredentials(paisandbox.DefaultAccessKeyID, paisandbox.DefaultAccessKeySecret, "token-1")
			})
			sandbox.AddFault(paisandbox.Fault{
				Match: func(r paisandbox.Request) bool { return r.Header.Get("x-acs-security-token") == "token-0" },
				Skip:  1, Do: paisandbox.APIError(400, "InvalidSecurityToken.Expired", "expired"),
			})
			var token atomic.Int32
			source := &stubSource{
				credentials: func(context.Context, int) (paiclient.Credentials, error) {
					credentials := paiclient.Credentials(sandboxCredentials)
					credentials.SecurityToken = fmt.Sprintf("token-%d", token.Load())
					return credentials, nil
				},
				renew: func(expired paiclient.Credentials) bool {
					if canRenew && expired.SecurityToken == "token-0" {
						token.Store(1)
					}
					return canRenew
				},
			}
			client := newClient(t, sandbox, sequential, func(o *paiclient.Options) { o.Credentials = source })
			list, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
			if canRenew {
				if err != nil || len(list.Images) != imageCount {
					t.Errorf("got %v", err)
				}
				return
			}
			checkExpired(t, sandbox, err)
		})
	}
}

// TestRenewOncePerCall checks that a call renews credentials only once, even if the service also rejects the new ones.
func TestRenewOncePerCall(t *testing.T) {
	t.Parallel()
	sandbox := startSandbox(t, paisandbox.Options{})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.APIError(400, "InvalidSecurityToken.Expired", "expired")})
	source := &stubSource{
		credentials: func(context.Context, int) (paiclient.Credentials, error) {
			return paiclient.Credentials(sandboxCredentials), nil
		},
		renew: func(paiclient.Credentials) bool { return true },
	}
	client := newClient(t, sandbox, func(o *paiclient.Options) { o.Credentials = source })
	_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
	checkExpired(t, sandbox, err)
}

// checkExpired checks that err has KindExpiredToken, and that the sandbox received two requests.
func checkExpired(t *testing.T, sandbox *paisandbox.Sandbox, err error) {
	t.Helper()
	var expired *paiclient.APIError
	if !errors.As(err, &expired) || expired.Kind != paiclient.KindExpiredToken {
		t.Errorf("got %v, want KindExpiredToken", err)
	}
	if got := len(sandbox.Requests()); got != 2 {
		t.Errorf("got %d requests, want 2", got)
	}
}

func TestInvalidCredentialsSendNoRequest(t *testing.T) {
	t.Parallel()
	sandbox := startSandbox(t, paisandbox.Options{})
	sourceErr := errors.New("none here")
	failing := &stubSource{credentials: func(context.Context, int) (paiclient.Credentials, error) {
		return paiclient.Credentials{}, sourceErr
	}}
	static := func(id, secret, token string) paiclient.CredentialSource {
		return paiclient.StaticCredentials{AccessKeyID: id, AccessKeySecret: secret, SecurityToken: token}
	}
	sources := map[string]paiclient.CredentialSource{
		"error":                     failing,
		"line end in the key":       static("a\nb", "s", ""),
		"blank in the secret":       static("a", "s t", ""),
		"control code in the token": static("a", "s", "t\x00"),
	}
	for name, source := range sources {
		client := newClient(t, sandbox, func(o *paiclient.Options) { o.Credentials = source })
		_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
		var credentialsErr *paiclient.CredentialsError
		if !errors.As(err, &credentialsErr) || len(sandbox.Requests()) != 0 {
			t.Errorf("%s: got %v after %d requests", name, err, len(sandbox.Requests()))
		}
		if source == failing && !errors.Is(err, sourceErr) {
			t.Errorf("%s: got %v, want the error of the source", name, err)
		}
	}
}

// temporaryError is an error of a credential source. Its value is the result of its method Temporary.
type temporaryError bool

func (e temporaryError) Error() string   { return "busy" }
func (e temporaryError) Temporary() bool { return bool(e) }

// TestRetryTemporaryCredentialErrors checks that temporary errors of the credential source are retried, and that other
// errors are not.
func TestRetryTemporaryCredentialErrors(t *testing.T) {
	t.Parallel()
	sandbox := numberedSandbox(t, 1)
	for _, isTemporary := range []bool{true, false} {
		source := &stubSource{credentials: func(_ context.Context, number int) (paiclient.Credentials, error) {
			if number < 3 {
				return paiclient.Credentials{}, temporaryError(isTemporary)
			}
			return paiclient.Credentials(sandboxCredentials), nil
		}}
		client := newClient(t, sandbox, func(o *paiclient.Options) { o.Credentials = source })
		if _, err := client.ListImages(t.Context(), paiclient.ListImagesInput{}); (err == nil) != isTemporary {
			t.Errorf("temporary: %t: got %v after %d attempts", isTemporary, err, source.calls.Load())
		}
	}
}

// unreachableError is an error of a credential source that can't be reached.
type unreachableError struct{ temporaryError }

func (*unreachableError) Unreachable() bool { return true }

// TestUnreachableCredentialSource checks that a credential source that can't be reached is tried as often as the API,
// and that the other calls then fail without another attempt. An error that the source keeps counts only once.
func TestUnreachableCredentialSource(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		kept := &unreachableError{true}
		source := &stubSource{credentials: func(_ context.Context, number int) (paiclient.Credentials, error) {
			if number <= 2 {
				return paiclient.Credentials{}, kept
			}
			return paiclient.Credentials{}, &unreachableError{true}
		}}
		client := newFakeClient(t, throttledThenImages(0), func(o *paiclient.Options) { o.Credentials = source })
		for range 2 {
			_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
			var credentialsErr *paiclient.CredentialsError
			if got := source.calls.Load(); !errors.As(err, &credentialsErr) || got != 4 {
				t.Errorf("got %v after %d attempts, want a CredentialsError after 4", err, got)
			}
		}
	})
}

// TestRetryAfterSlowCredentials checks that an attempt is retried if the credential source takes longer than the
// timeout of an attempt.
func TestRetryAfterSlowCredentials(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		source := &stubSource{credentials: func(ctx context.Context, number int) (paiclient.Credentials, error) {
			if number == 1 {
				<-ctx.Done()
				return paiclient.Credentials{}, ctx.Err()
			}
			return paiclient.Credentials(sandboxCredentials), nil
		}}
		client := newFakeClient(t, throttledThenImages(0), func(o *paiclient.Options) { o.Credentials = source })
		begin := time.Now()
		listImages(t, client, paiclient.ListImagesInput{})
		if took := time.Since(begin); took < paiclient.DefaultRequestTimeout {
			t.Errorf("took %s, want at least the timeout of an attempt", took)
		}
	})
}
