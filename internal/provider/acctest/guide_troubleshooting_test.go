package acctest

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func guideTroubleshooting(t *testing.T) {
	t.Helper()
	page := readGuidePage(t, "troubleshooting")

	t.Run("destroy", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		dir := newGuideDir(t, "troubleshooting", sandbox)
		dir.apply()
		state := readFile(t, filepath.Join(dir.path, "terraform.tfstate"))
		dir.env = append(dir.env, "ALIBABA_CLOUD_ACCESS_KEY_SECRET=wrong")
		destroy := []string{"destroy", "-no-color", "-input=false", "-auto-approve"}
		wantOutput(t, dir.runStatus(1, destroy...), "Error: Credentials rejected by the PAI API")
		wantOutput(t, dir.runScript(0, "destroy.sh"), "Destroy complete!")

		dir.write("terraform.tfstate", state)
		dir.env = sandbox.Environ()
		sandbox.SetImages(nil)
		page.wantQuote(t, "No image matches", dir.runStatus(1, destroy...))
		dir.plan(1, "-refresh=false")
		wantOutput(t, dir.run("state", "show", "-no-color", "data.pai_image.pytorch"), pytorchRepository+firstTag)
		before := len(sandbox.Requests())
		page.wantQuote(t, "Destroy complete!", dir.runScript(0, "destroy.sh"))
		if requests := len(sandbox.Requests()) - before; requests != 0 {
			t.Errorf("destroy without refresh sent %d requests, want 0", requests)
		}
	})

	t.Run("log", func(t *testing.T) {
		t.Parallel()
		dir := newGuideDir(t, "troubleshooting", startHangzhou(t))
		output := dir.runScript(0, "log.sh")
		for _, message := range []string{"Read data source", "Request succeeded"} {
			line := regexp.MustCompile("(?m)^.* provider\\.terraform-provider-pai.*" + message + ".*$")
			if !line.MatchString(output) {
				t.Errorf("the log has no line of the provider with %q:\n%s", message, output)
			}
		}
		dir.remove("pai.log")
		dir.env = append(dir.env, "TF_LOG_PROVIDER_PAI_CLIENT=INFO")
		wantOutput(t, dir.runScript(0, "log.sh"), "Read data source")
		if log := readFile(t, filepath.Join(dir.path, "pai.log")); strings.Contains(log, "Request succeeded") {
			t.Error("TF_LOG_PROVIDER_PAI_CLIENT=INFO doesn't reduce the log")
		}
	})

	t.Run("installation", func(t *testing.T) {
		t.Parallel()
		dir := newGuideDir(t, "troubleshooting", startHangzhou(t))
		initAgain := []string{"init", "-no-color", "-input=false"}

		environ := dir.env
		dir.env = append(dir.env, "HOME="+t.TempDir(), "HTTPS_PROXY=http://127.0.0.1:1")
		dir.remove(".terraform")
		page.wantMessages(t, dir.runStatus(1, initAgain...))
		dir.env = environ
		page.wantMessages(t, dir.runStatus(1, "plan", "-no-color", "-input=false"))

		dir.init()
		lock := readFile(t, filepath.Join(dir.path, lockFile))
		dir.write(lockFile, checksum.ReplaceAllString(lock, "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="))
		page.wantMessages(t, dir.runStatus(1, initAgain...))
		page.wantMessages(t, dir.runStatus(1, "plan", "-no-color", "-input=false"))
		dir.remove(lockFile)
		dir.init()
		dir.plan(2)
	})

	t.Run("function", func(t *testing.T) {
		t.Parallel()
		dir := &workingDir{t: t, path: t.TempDir()}
		dir.write("main.tf", "output \"uri\" {\n  value = provider::pai::parse_image_uri(\"pai/x\")\n}\n")
		output, err := runCLI(t, dir.path, dir.env, "init", "-no-color")
		if err == nil {
			output, _ = runCLI(t, dir.path, dir.env, "plan", "-no-color")
		}
		page.wantMessages(t, output)
	})
}

// lockFile is the name of the dependency lock file.
const lockFile = ".terraform.lock.hcl"

// checksum matches the checksum of a provider in a lock file.
var checksum = regexp.MustCompile(`h1:[^"]+`)
