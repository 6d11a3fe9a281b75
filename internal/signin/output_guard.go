package signin

import (
	"os"
	"sync"

	"github.com/aliyun/credentials-go/credentials/providers"
)

// silent is one of the library's providers that print: an external command's whole answer where it can't be read, and
// with DEBUG=credential the tokens in the headers that are sent. Terraform writes that into its log.
type silent struct{ providers.CredentialsProvider }

// GetCredentials asks the provider without a standard output.
func (s silent) GetCredentials() (*providers.Credentials, error) {
	defer silence()()
	return s.CredentialsProvider.GetCredentials()
}

var output struct {
	sync.Mutex
	silenced int // how many want silence
	kept     *os.File
}

// silence takes standard output away, until the function that it gives is called.
func silence() (end func()) {
	output.Lock()
	defer output.Unlock()
	if output.silenced == 0 {
		output.kept, os.Stdout = os.Stdout, nil // to which nothing can be written
	}
	output.silenced++
	return func() {
		output.Lock()
		defer output.Unlock()
		if output.silenced--; output.silenced == 0 {
			os.Stdout = output.kept
		}
	}
}
