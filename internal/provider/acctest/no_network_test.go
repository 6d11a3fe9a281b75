package acctest

import (
	"fmt"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// noNetwork is a format string of a configuration with 30 data sources and the default limits. Its value is the
// arguments of the provider block.
const noNetwork = `
provider "pai" {
  region = "cn-hangzhou"
  %s
}

data "pai_images" "all" {
  count = 30
  name  = "image ${count.index}"
}
`

// TestAccNoNetwork plans without a network. The plan must end within 20 seconds, and show the cause once.
func TestAccNoNetwork(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	silent := listenSilently(t).Addr().String()
	for name, test := range map[string]struct {
		endpoint string
		env      []string
		want     []string // parts of the error
	}{
		"no TLS handshake": {
			"https://" + silent, nil,
			[]string{silent + " timed out after 5s (3 attempts)", "TLS handshake"},
		},
		"no response of a proxy": {
			"https://api.example.com",
			[]string{"HTTPS_PROXY=http://user:secret@" + silent, "NO_PROXY="},
			[]string{
				"api.example.com:443 through the proxy " + silent + " timed out after 5s (3 attempts)", "to CONNECT",
				"`HTTPS_PROXY` sets the proxy `http://" + silent + "`",
			},
		},
		"refused": {"https://127.0.0.1:1", nil, []string{"127.0.0.1:1 failed (3 attempts)", "refused"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			planWithoutNetwork(t, endpointArgument(test.endpoint), test.env, unreachable, test.want...)
		})
	}
}

// unreachable is the summary of the error if the API can't be reached.
const unreachable = "Cannot reach the PAI API"

func endpointArgument(endpoint string) string { return fmt.Sprintf("endpoint = %q", endpoint) }

// listenSilently returns a listener whose connections are accepted by the system and get no response.
func listenSilently(t *testing.T) *net.TCPListener {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener.(*net.TCPListener)
}

// planWithoutNetwork runs plan with the arguments of the provider block and the environment variables. It checks the
// time, the summary of the errors, and the parts of the one error with the cause.
func planWithoutNetwork(t *testing.T, provider string, env []string, summary string, want ...string) {
	t.Helper()
	const limit, reserve = 20 * time.Second, 10 * time.Second // the reserve is for the CLI on a busy machine
	sandbox := providertest.Start(t, paisandbox.Options{})
	dir := newWorkingDir(t, sandbox, fmt.Sprintf(noNetwork, provider))
	dir.env = append(dir.env, env...)
	begin := time.Now()
	output := regexp.MustCompile(`[│╷╵\s]+`).ReplaceAllString(dir.plan(1), " ") // without frames and line breaks
	took := time.Since(begin)
	t.Logf("plan ended after %s", took.Round(100*time.Millisecond))
	if took > limit+reserve {
		t.Errorf("plan took %s, want at most %s", took, limit)
	}
	for _, part := range want {
		if got := strings.Count(output, part); got != 1 {
			t.Errorf("%q is %d times in the output, want once:\n%s", part, got, output)
		}
	}
	if got := strings.Count(output, "Error: "+summary); got != 30 || strings.Contains(output, "secret@") {
		t.Errorf("%d errors, want 30, without a password:\n%s", got, output)
	}
}
