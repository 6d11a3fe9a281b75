package signin

import (
	"context"
	"errors"
	"testing"

	"github.com/aliyun/credentials-go/credentials/providers"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

// waitingProvider is a provider whose first call waits until its context ends.
type waitingProvider struct {
	calls   int
	waiting chan struct{} // closed when the first call waits
	staticKeys
}

func (p *waitingProvider) GetCredentialsContext(ctx context.Context) (*providers.Credentials, error) {
	if p.calls++; p.calls > 1 {
		return p.GetCredentials()
	}
	close(p.waiting)
	<-ctx.Done()
	return nil, ctx.Err()
}

// TestCancelEndsFetch cancels the caller that started a fetch, while another one waits for the result. The context must
// reach the source, also through a role, and the other caller must get credentials.
func TestCancelEndsFetch(t *testing.T) {
	t.Parallel()
	s := startSandbox(t)
	sts := startSTS(t, s, identity.STSOptions{})
	for name, withRole := range map[string]bool{"source": false, "role": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			waiting := &waitingProvider{
				waiting:    make(chan struct{}),
				staticKeys: staticKeys{AccessKeyID: keyID, AccessKeySecret: keySecret},
			}
			source := newCache(func() (providers.CredentialsProvider, error) {
				if !withRole {
					return waiting, nil
				}
				provider, err := assumedRole{arn: testRole("r"), sessionName: "me", stsHost: sts.Host()}.provider(waiting)
				return &namedProvider{"the role", advice{sts: true}, provider}, err
			})
			ctx, cancel := context.WithCancel(t.Context())
			cancelled, others := make(chan error), make(chan paiclient.Credentials)
			go func() {
				_, err := source.Credentials(ctx)
				cancelled <- err
			}()
			<-waiting.waiting
			go func() {
				got, err := source.Credentials(t.Context())
				if err != nil {
					t.Error(err)
				}
				others <- got
			}()
			cancel()
			if err := <-cancelled; !errors.Is(err, context.Canceled) {
				t.Errorf("error %v, want the context's", err)
			}
			want := paiclient.Credentials(waiting.staticKeys)
			got := <-others
			if withRole {
				checkLastSession(t, got, nil, s, identity.ByAssumeRole)
			} else if got != want {
				t.Errorf("credentials %v, want %v", got, want)
			}
		})
	}
}
