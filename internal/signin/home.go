package signin

import (
	"os"
	"os/user"
)

// HomeDir returns the home directory of the user, or "" if it is unknown. If HOME (on Windows, USERPROFILE) is not set,
// as in services and some containers, it asks the account database of the operating system.
func HomeDir() string {
	if home, err := os.UserHomeDir(); err == nil {
		return home
	}
	account, err := user.Current()
	if err != nil {
		return ""
	}
	return account.HomeDir
}
