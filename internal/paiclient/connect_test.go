package paiclient_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient/connection"
)

// droppingTransport returns a transport without a network: connections are neither established nor refused.
func droppingTransport() http.RoundTripper {
	next := &http.Transport{}
	limited := connection.NewTransport(next, paiclient.ConnectTimeout)
	next.DialContext = func(context.Context, string, string) (net.Conn, error) {
		time.Sleep(30 * time.Second)
		return nil, errors.New("no connection")
	}
	return limited
}

// connectTransport returns a transport whose requests fail to connect if the function connects returns false. The first
// request is number 1.
func connectTransport(connects func(number int) bool, responses *fakeTransport) http.RoundTripper {
	var mu sync.Mutex
	number := 0
	return roundTripFunc(func(request *http.Request) (*http.Response, error) {
		mu.Lock()
		number++
		current := number
		mu.Unlock()
		if !connects(current) {
			return nil, &connection.Error{Host: "api.example.com:443", Err: errors.New("refused")}
		}
		return responses.RoundTrip(request)
	})
}

type roundTripFunc func(*http.Request) (*http.Response, error)

func (f roundTripFunc) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

// TestUnreachableEndpoint checks that many calls without a network all fail within 20 seconds with the default options.
// A later call tries to connect again.
func TestUnreachableEndpoint(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := newFakeClient(t, droppingTransport())
		begin := time.Now()
		var group sync.WaitGroup
		for range 50 {
			group.Go(func() {
				_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
				checkConnectError(t, err, 3, 5*time.Second)
			})
		}
		group.Wait()
		if took := time.Since(begin); took < 15*time.Second || took > 20*time.Second {
			t.Errorf("took %s, want 15 s to 20 s", took)
		}
		time.Sleep(paiclient.KeepConnectFailure)
		begin = time.Now()
		_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
		checkConnectError(t, err, 3, 5*time.Second)
		if took := time.Since(begin); took < 15*time.Second {
			t.Errorf("a later call took %s, want at least 15 s", took)
		}
		time.Sleep(time.Minute) // ends the goroutines of the transport
	})
}

// TestConnectAttempts checks how often a call tries to connect. Attempts with a connection don't count.
func TestConnectAttempts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		maxRetries int
		connects   map[int]bool // by number of the attempt
		attempts   int          // number of attempts in the error; 0 if the call succeeds
	}{
		"retries are off":          {0, nil, 1},
		"lower max_retries":        {1, nil, 2},
		"default":                  {5, nil, 3},
		"higher max_retries":       {100, nil, 3},
		"connects in between":      {5, map[int]bool{3: true, 6: true}, 0},
		"too many failures, mixed": {5, map[int]bool{2: true}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				responses := &fakeTransport{respond: func(number int, _ *http.Request) *http.Response {
					if number == 1 {
						return cannedResponse(http.StatusServiceUnavailable, `{"Code":"ServiceUnavailable"}`)
					}
					return cannedResponse(http.StatusOK, oneImage)
				}}
				transport := connectTransport(func(number int) bool { return test.connects[number] }, responses)
				client := newFakeClient(t, transport, func(o *paiclient.Options) { o.MaxRetries = test.maxRetries })
				_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
				if test.attempts > 0 {
					checkConnectError(t, err, test.attempts, 0)
				} else if err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// TestConnectFailureEndsWithSuccess checks that a failure to connect affects later calls only until a request succeeds.
func TestConnectFailureEndsWithSuccess(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		responses := &fakeTransport{respond: func(number int, _ *http.Request) *http.Response {
			if number == 1 {
				time.Sleep(5 * time.Second)
			}
			return cannedResponse(http.StatusOK, oneImage)
		}}
		client := newFakeClient(t, connectTransport(func(number int) bool { return number == 1 || number > 4 }, responses))
		var slow sync.WaitGroup
		slow.Go(func() { listImages(t, client, paiclient.ListImagesInput{}) })
		synctest.Wait()
		for range 2 { // only the first of these calls tries to connect
			_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
			checkConnectError(t, err, 3, 0)
		}
		slow.Wait()
		listImages(t, client, paiclient.ListImagesInput{})
	})
}

// TestConnectErrorKeepsItsCause checks the errors of calls that reach the request timeout or their deadline while they
// connect.
func TestConnectErrorKeepsItsCause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := newFakeClient(t, droppingTransport(), func(o *paiclient.Options) { o.RequestTimeout = time.Second })
		_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
		checkConnectError(t, err, 3, time.Second)

		client = newFakeClient(t, droppingTransport())
		_, err = client.ListImages(withTimeout(t, 2*time.Second), paiclient.ListImagesInput{})
		var interrupted *paiclient.InterruptedError
		if !errors.As(err, &interrupted) || !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("got %v, want an InterruptedError", err)
		}
		checkConnectError(t, interrupted.Last, 1, 2*time.Second)
		time.Sleep(time.Minute) // ends the goroutines of the transport
	})
}

// TestConnectErrorHasNoSecrets checks that the error of a connection contains no secrets.
func TestConnectErrorHasNoSecrets(t *testing.T) {
	t.Parallel()
	client := newFakeClient(t, roundTripFunc(func(*http.Request) (*http.Response, error) {
		return nil, &connection.Error{
			Host: "api.example.com:443", Proxy: &url.URL{Scheme: "http", Host: "proxy:3128"},
			Err: errors.New("denied: " + sandboxCredentials.AccessKeySecret),
		}
	}), func(o *paiclient.Options) { o.MaxRetries = 0 })
	_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
	checkConnectError(t, err, 1, 0)
	if strings.Contains(err.Error(), sandboxCredentials.AccessKeySecret) {
		t.Errorf("got the secret in %q", err)
	}
}

// checkConnectError checks that err is a ConnectError with the number of attempts and the time limit of the last one.
func checkConnectError(t *testing.T, err error, attempts int, timeout time.Duration) {
	t.Helper()
	var unconnected *paiclient.ConnectError
	if !errors.As(err, &unconnected) || unconnected.Attempts != attempts || unconnected.Failure.Timeout != timeout {
		t.Errorf("got %v, want a ConnectError after %d attempts with timeout %s", err, attempts, timeout)
	}
}
