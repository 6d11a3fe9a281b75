//go:build unix

package acctest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestAccInterrupt sends SIGINT to the CLI: only to its process, as kill does, or to all processes of its group, as a
// terminal does. It checks that the plan reports cancelled lookups, and that these end within a second (design rule 7).
func TestAccInterrupt(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	for _, name := range []string{"response", "Retry-After", "slot", "sidecar", "STS"} {
		for how, toGroup := range map[string]bool{"kill": false, "Ctrl-C": true} {
			t.Run(name+", "+how, func(t *testing.T) {
				t.Parallel()
				interrupt(t, cancelCases[name], toGroup)
			})
		}
	}
}

// interrupt starts a plan and interrupts it while its lookups wait. It checks the CLI's output, the provider's log and
// the requests.
func interrupt(t *testing.T, c cancelCase, toGroup bool) {
	t.Helper()
	sandbox := providertest.Start(t, paisandbox.Options{})
	p := c.prepare(t, sandbox)
	folder := t.TempDir()
	log := filepath.Join(folder, "log")
	environ := []string{"TF_LOG_PROVIDER=TRACE", "TF_LOG_PATH=" + log}
	if p.certificate != nil {
		if runtime.GOOS != "linux" {
			t.Skip("SSL_CERT_FILE has no effect on " + runtime.GOOS)
		}
		authority := filepath.Join(folder, "authority.pem")
		writeFile(t, authority, string(p.certificate))
		environ = append(environ, "SSL_CERT_FILE="+authority)
	}
	query := "count.index == 0 ? null : count.index" // otherwise, the lookups would share a list
	if c.equal {
		query = "null"
	}
	writeFile(t, filepath.Join(folder, "main.tf"), requiredProviders+
		"\nprovider \"pai\" {\n"+formatHCL(c.providerBlock(sandbox, p))+"}\n"+
		fmt.Sprintf("\ndata \"pai_images\" \"some\" {\n  count = %d\n  query = %s\n}\n", c.lookups, query))
	mustRunCLI(t, folder, sandbox, "init", "-no-color", "-input=false")
	run := startPlan(t, folder, environ)
	for !p.reached() {
		select {
		case <-run.ended:
			t.Fatalf("plan ended before the interrupt: %s\n%s", run.command.ProcessState, run.output.String())
		case <-time.After(5 * time.Millisecond):
		}
	}
	time.Sleep(200 * time.Millisecond) // reached does not detect lookups that wait before their first request

	begin := time.Now()
	run.interrupt(t, toGroup)
	took := time.Since(begin)
	t.Logf("plan ended %s after the interrupt", took)
	if took > 10*time.Second { // a generous limit: the CLI needs most of the time, and the machine may be busy
		t.Errorf("plan ended %s after the interrupt, want at most 10 s", took)
	}
	output := run.output.String()
	if got := run.command.ProcessState.ExitCode(); got != 1 {
		t.Errorf("exit status %d, want 1", got)
	}
	if got := strings.Count(output, "Error: "+cancelSummary); got != c.lookups {
		t.Errorf("%d cancelled lookups, want %d:\n%s", got, c.lookups, output)
	}
	wantOutput(t, output, "Interrupt received.")
	checkProviderLog(t, log, c.lookups, toGroup)
	for _, request := range sandbox.Requests() {
		if request.Ended.IsZero() || request.Ended.Sub(begin) > 10*time.Second {
			t.Errorf("a request ended at %s, more than 10 s after the interrupt at %s", request.Ended, begin)
		}
	}
}

// TestAccInterruptKeepsLogin interrupts a plan while it uses the refresh token of an OAuth login, which is valid once.
// It checks that the file has the new one afterwards.
func TestAccInterruptKeepsLogin(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	c := startCloud(t, 3)
	content, err := json.Marshal(map[string]any{"profiles": []any{map[string]any{
		"name": "default", "mode": "OAuth", "oauth_site_type": "CN", "oauth_refresh_token": c.sso.RefreshToken(),
	}}})
	if err != nil {
		t.Fatal(err)
	}
	file := c.write(t, "profiles.json", string(content))
	dir := newCredentialsDir(t, c, fmt.Sprintf("shared_credentials_file = %q", file))
	c.sso.AddFault(paisandbox.Fault{Do: paisandbox.Delay(1200 * time.Millisecond)})
	run := startPlan(t, dir.path, c.env)
	for len(c.sso.Requests()) == 0 {
		select {
		case <-run.ended:
			t.Fatalf("plan ended before the interrupt:\n%s", run.output.String())
		case <-time.After(5 * time.Millisecond):
		}
	}
	run.interrupt(t, false)
	wantOutput(t, run.output.String(), "Error: "+cancelSummary)
	wantOutput(t, readFile(t, file), c.sso.RefreshToken())
	if bytes.Contains([]byte(readFile(t, file)), content) {
		t.Error("the refresh token was not used")
	}
}

// cliRun is a run of the CLI in its own process group.
type cliRun struct {
	command *exec.Cmd
	output  bytes.Buffer
	ended   chan struct{} // closed when the CLI has exited
}

// startPlan starts a plan in the folder.
func startPlan(t *testing.T, folder string, environ []string) *cliRun {
	t.Helper()
	home, err := installProvider()
	if err != nil {
		t.Fatal(err)
	}
	run := &cliRun{ended: make(chan struct{})}
	run.command = exec.CommandContext(t.Context(), os.Getenv("TF_ACC_TERRAFORM_PATH"), "plan", "-no-color", "-input=false")
	run.command.Dir = folder
	run.command.Env = slices.Concat(environ, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "CHECKPOINT_DISABLE=1"})
	run.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that the signal doesn't reach the test
	run.command.Stdout, run.command.Stderr = &run.output, &run.output
	if err := run.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(run.ended)
		_ = run.command.Wait() // the caller checks the exit status
	}()
	return run
}

// interrupt sends SIGINT to the CLI, or to its process group, and waits until the CLI has exited.
func (r *cliRun) interrupt(t *testing.T, toGroup bool) {
	t.Helper()
	receiver := r.command.Process.Pid
	if toGroup {
		receiver = -receiver
	}
	if err := syscall.Kill(receiver, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	select {
	case <-r.ended:
	case <-time.After(30 * time.Second):
		_ = syscall.Kill(-r.command.Process.Pid, syscall.SIGKILL)
		<-r.ended
		t.Fatalf("plan did not end within 30 s of the interrupt:\n%s", r.output.String())
	}
}

// checkProviderLog checks that all lookups ended within a second of Terraform's request to stop the provider.
func checkProviderLog(t *testing.T, file string, lookups int, interrupted bool) {
	t.Helper()
	content := readFile(t, file)
	var stopped, last time.Time
	reads := 0
	for line := range strings.Lines(content) {
		at, _ := time.Parse("2006-01-02T15:04:05.000Z0700", strings.Fields(line + " -")[0])
		switch {
		case strings.Contains(line, "tf_rpc=StopProvider") || strings.Contains(line, "tf_rpc=Stop "):
			if stopped.IsZero() {
				stopped = at
			}
		case strings.Contains(line, "Served request") && strings.Contains(line, "tf_rpc=ReadDataSource"):
			reads++
			last = at
		}
	}
	took := last.Sub(stopped)
	t.Logf("the last lookup ended %s after the request to stop", took)
	if reads != lookups || stopped.IsZero() || took > time.Second {
		t.Errorf("%d lookups ended, the last %s after the request to stop at %s, want %d within 1 s",
			reads, took, stopped, lookups)
	}
	// With Ctrl-C, the provider may end before it logs the interrupt, so a missing log line is not an error.
	ignored := strings.Contains(content, "plugin received interrupt signal, ignoring")
	if interrupted {
		t.Logf("the provider logged that it ignores the interrupt: %t", ignored)
	} else if ignored {
		t.Error("the provider received the interrupt that was sent to the CLI only")
	}
}

// formatHCL returns the arguments and blocks of a block as HCL.
func formatHCL(block values) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(block)) {
		switch value := block[name].(type) {
		case map[string]any:
			b.WriteString(name + " {\n" + formatHCL(value) + "}\n")
		case string:
			fmt.Fprintf(&b, "%s = %q\n", name, value)
		case int:
			fmt.Fprintf(&b, "%s = %d\n", name, value)
		}
	}
	return b.String()
}
