package signin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

func TestSidecar(t *testing.T) {
	t.Parallel()
	address, _ := serve(t, http.StatusOK, session("sidecar", time.Hour))
	for _, variable := range sidecars {
		if got, err := signIn(t, around(t, variable+"="+address+"\n")); err != nil || got != sessionOf("sidecar") {
			t.Errorf("%s: signed in as %v (%v)", variable, got, err)
		}
	}
}

func TestSidecarFails(t *testing.T) {
	t.Parallel()
	secrets := `"AccessKeySecret": "hidden", "SecurityToken": "hidden"`
	tests := map[string]struct {
		status int
		body   string
		want   []string
	}{
		"error in JSON":      {http.StatusForbidden, `{"Code": "NoPermission", "RequestId": "3A-5B", ` + secrets + `}`, []string{"code NoPermission", "request id 3A-5B", "left out"}},
		"error in text":      {http.StatusInternalServerError, "key=hidden", []string{"left out"}},
		"error in HTML":      {http.StatusBadGateway, "<p>hidden", []string{"left out"}},
		"error without text": {http.StatusBadGateway, "", []string{"get credentials"}},
		"text":               {http.StatusOK, "hidden", []string{"get credentials"}},
		"missing fields":     {http.StatusOK, `{"AccessKeyId": "x", ` + secrets + `}`, []string{"left out"}},
		"null":               {http.StatusOK, "null", nil},
		"empty keys":         {http.StatusOK, `{"AccessKeyId": "", "AccessKeySecret": "", "SecurityToken": "hidden", "Expiration": "2099-01-02T15:04:05Z"}`, []string{"no key"}},
		"odd expiration":     {http.StatusOK, `{"AccessKeyId": "x", ` + secrets + `, "Expiration": "hidden"}`, []string{"no readable Expiration"}},
		"cut off":            {http.StatusOK, `{"AccessKeyId": "x", ` + secrets, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, _ := serve(t, test.status, test.body)
			address = strings.Replace(address, "://", "://me:hidden-password@", 1) + "/?token=hidden-token"
			_, err := signIn(t, around(t, "ALIBABA_CLOUD_CREDENTIALS_URI="+address))
			checkError(t, err, append(test.want, "the sidecar that ALIBABA_CLOUD_CREDENTIALS_URI names gave no credentials", "check the address")...)
		})
	}
	for address, want := range map[string]string{
		"http://127.0.0.1:1/?token=hidden":      "connection refused",
		"http://me:hidden%zz@127.0.0.1":         "no URL",
		"http://127.0.0.1:hidden/":              "no URL",
		"127.0.0.1/hidden":                      "unsupported protocol scheme",
		"http://sidecar.example.com/?t=hidden":  "a test wanted to ask",
		"https://sidecar.example.com/?t=hidden": "a test wanted to ask",
	} {
		_, err := signIn(t, around(t, "ALIBABA_CLOUD_CREDENTIALS_URI="+address))
		checkError(t, err, want)
	}
}

func TestCancelEndsTheWait(t *testing.T) {
	t.Parallel()
	asked, release := make(chan struct{}, 9), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked <- struct{}{}
		<-release
		_, _ = w.Write([]byte(session("late", time.Hour)))
	}))
	t.Cleanup(server.Close)
	made, err := Find(around(t, "ALIBABA_CLOUD_CREDENTIALS_URI="+server.URL))
	if err != nil {
		t.Fatal(err)
	}
	patient := make(chan error, 1)
	go func() {
		got, err := made.Credentials(context.Background())
		if err == nil && got != sessionOf("late") {
			err = fmt.Errorf("signed in as %v", got)
		}
		patient <- err
	}()
	<-asked

	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	begun := time.Now()
	if _, err := made.Credentials(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
	if took := time.Since(begun); took > time.Second {
		t.Errorf("it took %s to end", took)
	}
	// Who waits for the same answer is not disturbed.
	close(release)
	if err := <-patient; err != nil {
		t.Error(err)
	}
	// Where there is no time, nothing is begun.
	fresh, count := numbered(t, 0)
	if _, err := fresh.Credentials(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
	time.Sleep(50 * time.Millisecond)
	if count.Load() != 0 {
		t.Error("asked for one whose context had ended")
	}
}

// numbered is a sidecar whose every session is another.
func numbered(t *testing.T, delay time.Duration) (paiclient.CredentialSource, *atomic.Int32) {
	t.Helper()
	count := new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		number := count.Add(1)
		time.Sleep(delay)
		_, _ = w.Write([]byte(session(fmt.Sprint(number), time.Hour)))
	}))
	t.Cleanup(server.Close)
	made, err := Find(around(t, "ALIBABA_CLOUD_CREDENTIALS_URI="+server.URL))
	if err != nil {
		t.Fatal(err)
	}
	return made, count
}

func TestManyAtOnceAskOnce(t *testing.T) {
	t.Parallel()
	made, count := numbered(t, 20*time.Millisecond)
	all := func(want string, before func()) {
		var wait sync.WaitGroup
		for range 50 {
			wait.Go(func() {
				before()
				if got, err := made.Credentials(t.Context()); err != nil || got != sessionOf(want) {
					t.Errorf("signed in as %v (%v), want session %s", got, err, want)
				}
			})
		}
		wait.Wait()
	}
	all("1", func() {})
	all("1", func() {})
	if count.Load() != 1 {
		t.Errorf("asked %d times, want once", count.Load())
	}
	// All of them learn that their session has expired.
	all("2", func() { made.Renew(sessionOf("1")) })
	if count.Load() != 2 {
		t.Errorf("asked %d times, want once more", count.Load())
	}
}

func TestRenew(t *testing.T) {
	t.Parallel()
	made, count := numbered(t, 0)
	steps := []struct {
		expired string
		want    string
	}{{"", "1"}, {"1", "2"}, {"1", "2"}, {"other", "2"}, {"2", "3"}, {"2", "3"}, {"1", "3"}}
	for i, step := range steps {
		if step.expired != "" && !made.Renew(sessionOf(step.expired)) {
			t.Errorf("step %d: a sidecar can't be asked again", i)
		}
		if got, err := made.Credentials(t.Context()); err != nil || got != sessionOf(step.want) {
			t.Errorf("step %d: signed in as %v (%v), want session %s", i, got, err, step.want)
		}
	}
	if count.Load() != 3 {
		t.Errorf("asked %d times, want 3", count.Load())
	}
	keys, err := Find(around(t, "ALICLOUD_ACCESS_KEY=a", "ALICLOUD_SECRET_KEY=b"))
	if err != nil {
		t.Fatal(err)
	}
	if keys.Renew(paiclient.Credentials{AccessKeyID: "a", AccessKeySecret: "b"}) {
		t.Error("static keys can't be others when asked again")
	}
}

// TestRenewWhileAsking renews while an answer is under way that was asked for before.
func TestRenewWhileAsking(t *testing.T) {
	t.Parallel()
	var count atomic.Int32
	asked, release := make(chan struct{}, 1), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		number := count.Add(1)
		if number == 2 {
			asked <- struct{}{}
			<-release
		}
		// Too short for the library to keep: it asks at every call.
		_, _ = w.Write([]byte(session(fmt.Sprint(number), time.Minute)))
	}))
	t.Cleanup(server.Close)
	made, err := Find(around(t, "ALIBABA_CLOUD_CREDENTIALS_URI="+server.URL))
	if err != nil {
		t.Fatal(err)
	}
	first, err := made.Credentials(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	old := make(chan paiclient.Credentials, 1)
	go func() {
		got, _ := made.Credentials(context.Background())
		old <- got
	}()
	<-asked
	made.Renew(first)
	if got, err := made.Credentials(t.Context()); err != nil || got != sessionOf("3") {
		t.Errorf("after the renewal signed in as %v (%v), want session 3", got, err)
	}
	close(release)
	<-old
	// What came late is not what the source has now: a third renewal must be that of session 3.
	if s := made.(*source); s.latest != sessionOf("3") {
		t.Errorf("the source holds %v, want session 3", s.latest)
	}
}
