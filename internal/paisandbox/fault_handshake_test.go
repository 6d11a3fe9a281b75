package paisandbox

import (
	"crypto/x509"
	"errors"
	"testing"
)

// TestCertificateOfAnother is shown as often as is asked for, on new connections, and a client that looks sees it.
func TestCertificateOfAnother(t *testing.T) {
	t.Parallel()
	for _, times := range []int{1, 2, 0} {
		s := startSandbox(t, Options{TLS: true})
		c := newCaller(s)
		c.list(t, "")
		s.PresentCertificateFor("other.example.com", times)
		c.list(t, "") // on the connection that is there
		s.AddFault(Fault{Times: 1, Do: CloseAfter()})
		c.list(t, "")
		for k := range 4 {
			_, err := c.do(t.Context(), t, imagesPath)
			var wrong x509.HostnameError
			if refused := errors.As(err, &wrong); refused != (times == 0 || k < times) || !refused && err != nil {
				t.Errorf("%d times, attempt %d: %v", times, k+1, err)
			}
		}
		// Nobody who doesn't trust the certificate asks anything.
		if asked, want := len(s.Requests()), 3+max(0, 4-times); times > 0 && asked != want || times == 0 && asked != 3 {
			t.Errorf("%d times: %d requests", times, asked)
		}
	}
}
