package signin

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// sts stands for the service: a role's session is named after the role, and every request is kept.
type sts struct {
	host   string
	lasts  time.Duration                                    // of sessions; an hour unless set
	refuse func(asked url.Values) (status int, body string) // nil, or 0: it doesn't

	mu    sync.Mutex
	asked []url.Values
}

func serveSTS(t *testing.T) *sts {
	t.Helper()
	s := &sts{lasts: time.Hour}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if strings.Contains(strings.ToLower(r.Form.Encode()), "decoy") {
			t.Errorf("STS was sent a decoy: %s", r.Form.Encode())
		}
		s.mu.Lock()
		s.asked = append(s.asked, r.Form)
		s.mu.Unlock()
		if s.refuse != nil {
			if status, body := s.refuse(r.Form); status != 0 {
				w.WriteHeader(status)
				_, _ = w.Write([]byte(body))
				return
			}
		}
		_, _ = w.Write([]byte(`{"RequestId": "1", "Credentials": ` + session(r.Form.Get("RoleArn"), s.lasts) + `}`))
	}))
	t.Cleanup(server.Close)
	s.host = strings.TrimPrefix(server.URL, "https://")
	return s
}

// sent gives these fields of every request so far, a line for each.
func (s *sts) sent(fields ...string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var lines []string
	for _, asked := range s.asked {
		var values []string
		for _, field := range fields {
			values = append(values, asked.Get(field))
		}
		lines = append(lines, strings.Join(values, "|"))
	}
	return lines
}
