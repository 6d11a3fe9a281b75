package signin

import (
	"context"
	"encoding/json"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/aliyun/credentials-go/credentials/providers"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// externalDisabled is the variable that disables profiles of the modes External and CredentialsURI, as in the CLI.
const externalDisabled = "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS"

// commandTimeout is how long the command of a profile can run. It equals that of the library.
const commandTimeout = time.Minute

// checkExternal returns an error if the environment disables the mode.
func (p fileProfile) checkExternal(mode string) error {
	if p.search.isTrue(externalDisabled) || p.search.value(externalDisabled) == "1" {
		return p.errorf("has the mode %s, which %s disables: unset the variable, or use another profile",
			mode, externalDisabled)
	}
	return nil
}

// openExternal returns a provider that runs the command of a profile, whose output is a profile with keys or a session.
// It doesn't use the library's provider, which ignores the mode in the output. That provider would sign requests with
// the keys of a profile that names a role.
func (p fileProfile) openExternal(members cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	if err := p.checkExternal("External"); err != nil {
		return nil, err
	}
	words, err := splitCommand(members.stringMember("process_command"), runtime.GOOS == "windows")
	if err != nil {
		return nil, p.errorf("has an invalid `process_command`: %w", err)
	}
	return commandProvider(words), nil
}

func commandProvider(words []string) *sessionProvider {
	return &sessionProvider{name: "external", fetch: func(ctx context.Context) (session, error) {
		output, err := runCommand(ctx, words)
		if err != nil {
			return session{}, err
		}
		return parseOutput(output)
	}}
}

// limitedOutput is the output of a command, of at most maxResponseBytes.
type limitedOutput struct {
	content []byte
	stop    func() // ends the command
}

var errLongOutput = safeErrorf("the output of the command is longer than %d KiB", maxResponseBytes>>10)

// Write adds to the output. If the output becomes too long, Write ends the command and returns errLongOutput.
func (o *limitedOutput) Write(p []byte) (int, error) {
	if o.content = append(o.content, p...); len(o.content) > maxResponseBytes {
		o.stop()
		return 0, errLongOutput
	}
	return len(p), nil
}

// runCommand returns the standard output of a command. It discards the standard error, which may contain secrets.
func runCommand(ctx context.Context, words []string) ([]byte, error) {
	limited, cancel := context.WithTimeout(ctx, commandTimeout)
	defer cancel()
	command := exec.CommandContext(limited, words[0], words[1:]...) //nolint:gosec // the user configured the command
	// A process that the command started may keep its output open.
	command.WaitDelay = time.Second
	output := limitedOutput{stop: cancel}
	command.Stdout = &output
	err := command.Run()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case len(output.content) > maxResponseBytes:
		return nil, errLongOutput
	case limited.Err() != nil:
		return nil, safeErrorf("the command did not end within %s", commandTimeout)
	}
	return output.content, err
}

// parseOutput parses the output of a command. As in the library, it ignores an invalid expiration. A session without an
// expiration is not kept, so the command runs at each call.
func parseOutput(output []byte) (session, error) {
	var members cliProfile
	if json.Unmarshal(output, &members) != nil {
		return session{}, safeErrorf("the output of the command is not a JSON object (output omitted, as it may contain " +
			"secrets)")
	}
	keys, mode := members.keys(), members.mode()
	if mode == "AK" {
		keys.SecurityToken = ""
	}
	missing := ""
	for _, member := range slices.Backward(cliModes["StsToken"].required) {
		if members.stringMember(member) == "" && (member != "sts_token" || mode == "StsToken") {
			missing = member
		}
	}
	switch {
	case mode != "AK" && mode != "StsToken" && slices.Contains(knownModes(), mode):
		return session{}, safeErrorf("the command returned a profile of the mode %s: only AK and StsToken are supported",
			mode)
	case mode != "AK" && mode != "StsToken" && mode != "":
		return session{}, safeErrorf("the command returned a profile of an unknown mode: only AK and StsToken are supported")
	case missing != "":
		return session{}, safeErrorf("the output of the command has no `%s`", missing)
	}
	var expires time.Time
	if expiration := members.stringMember("expiration"); expiration != "" {
		expires, _ = parseExpiration(expiration)
	}
	return session{paiclient.Credentials(keys), expires}, nil
}

// splitCommand splits the command of a profile into words, as the CLI does: white space separates words, and quotation
// marks group them. A backslash escapes the next character, but on Windows it separates folders. The library doesn't
// export its function for this.
func splitCommand(command string, windows bool) ([]string, error) {
	var words []string
	var word []rune
	inWord, quote := false, rune(0)
	runes := append([]rune(command), ' ') // the final space ends the last word
	for i := 0; i < len(runes); i++ {
		r, isLast := runes[i], i >= len(runes)-2
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case r == '\\' && quote == 0 && !windows && isLast:
			return nil, safeErrorf("it ends with a backslash")
		case r == '\\' && !isLast && isEscaped(runes[i+1], quote, windows):
			if i++; runes[i] != '\n' { // an escaped line break continues the line
				word, inWord = append(word, runes[i]), true
			}
		case quote == 0 && (r == '"' || r == '\''):
			quote, inWord = r, true
		case quote == 0 && unicode.IsSpace(r):
			if inWord {
				words = append(words, string(word))
			}
			word, inWord = nil, false
		default:
			word, inWord = append(word, r), true
		}
	}
	if quote != 0 {
		return nil, safeErrorf("it has a quotation mark without its counterpart")
	}
	if len(words) == 0 || words[0] == "" {
		return nil, safeErrorf("it names no program")
	}
	return words, nil
}

// isEscaped reports whether a backslash escapes the next character. quote is the quotation mark around both, or 0.
func isEscaped(next, quote rune, windows bool) bool {
	switch {
	case quote == '\'':
		return false
	case windows:
		return quote == '"' && next == '"'
	}
	return quote == 0 || strings.ContainsRune("\"\\$`\n", next)
}
