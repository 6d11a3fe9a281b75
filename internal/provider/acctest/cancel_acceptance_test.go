//go:build unix

package acctest

import (
	"bytes"
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

// TestAccInterrupt sends the real CLI one interrupt, once as `kill` does and once as a terminal does, to all processes of the
// group: the plan ends with the lookups called cancelled, and the provider has let go of everything within a second.
func TestAccInterrupt(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	for _, name := range []string{"a request", "the time that a throttling service names", "a place", "a sidecar", "STS"} {
		for how, toGroup := range map[string]bool{"kill": false, "Ctrl-C": true} {
			t.Run(name+", "+how, func(t *testing.T) {
				t.Parallel()
				interrupt(t, waitings[name], toGroup)
			})
		}
	}
}

func interrupt(t *testing.T, waits waiting, toGroup bool) {
	t.Helper()
	sandbox := providertest.Start(t, paisandbox.Options{})
	told := waits.begin(t, sandbox)
	folder := t.TempDir()
	log := filepath.Join(folder, "log")
	environ := []string{"TF_LOG_PROVIDER=TRACE", "TF_LOG_PATH=" + log}
	if told.certificate != nil {
		if runtime.GOOS != "linux" {
			t.Skip("only on Linux does Go look for trusted certificates where SSL_CERT_FILE says")
		}
		writeFile(t, filepath.Join(folder, "authority.pem"), string(told.certificate))
		environ = append(environ, "SSL_CERT_FILE="+filepath.Join(folder, "authority.pem"))
	}
	writeFile(t, filepath.Join(folder, "main.tf"), requiredProviders+"\nprovider \"pai\" {\n"+hcl(waits.providerBlock(sandbox, told))+"}\n"+
		fmt.Sprintf("\ndata \"pai_images\" \"some\" {\n  count = %d\n}\n", waits.lookups))
	mustRunCLI(t, folder, sandbox, "init", "-no-color", "-input=false")

	home, err := installProvider()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), os.Getenv("TF_ACC_TERRAFORM_PATH"), "plan", "-no-color", "-input=false")
	command.Dir = folder
	command.Env = slices.Concat(environ, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "CHECKPOINT_DISABLE=1"})
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a group of its own, without this test
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = command.Wait() // its status is looked at below
	}()
	for !told.reached() {
		select {
		case <-ended:
			t.Fatalf("the plan ended by itself: %s\n%s", command.ProcessState, output.String())
		case <-time.After(5 * time.Millisecond):
		}
	}
	time.Sleep(200 * time.Millisecond) // those that don't reach the sandbox come to wait, too

	receiver := command.Process.Pid
	if toGroup {
		receiver = -receiver
	}
	begun := time.Now()
	if err := syscall.Kill(receiver, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
	case <-time.After(30 * time.Second):
		_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
		t.Fatalf("the plan goes on:\n%s", output.String())
	}
	took := time.Since(begun)
	if said := strings.Count(output.String(), "Error: Lookup cancelled"); said != waits.lookups || command.ProcessState.ExitCode() != 1 {
		t.Errorf("exit status %d, %d of %d lookups are called cancelled:\n%s", command.ProcessState.ExitCode(), said, waits.lookups, output.String())
	}
	wantOutput(t, output.String(), "Interrupt received.", "interrupted after ")
	checkProviderLog(t, log, waits.lookups, toGroup)
	// The whole of it takes what the CLI takes, on a machine that may have much else to do.
	if took > 10*time.Second {
		t.Errorf("the plan ended after %s", took)
	}
	for _, request := range sandbox.Requests() {
		if request.Ended.IsZero() || request.Ended.Sub(begun) > 10*time.Second {
			t.Errorf("a request went on until %s, the interrupt came at %s", request.Ended, begun)
		}
	}
	t.Logf("the plan ended after %s", took)
}

// checkProviderLog reads when Terraform told the provider to stop and when the last lookup ended: what is between is the
// provider's alone.
func checkProviderLog(t *testing.T, file string, lookups int, interrupted bool) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var stopped, last time.Time
	reads := 0
	for line := range strings.Lines(string(content)) {
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
	if took := last.Sub(stopped); reads != lookups || stopped.IsZero() || took > time.Second {
		t.Errorf("%d of %d lookups ended, the last %s after the provider was stopped at %s", reads, lookups, took, stopped)
	} else {
		t.Logf("the provider took %s", took)
	}
	// That it ignored the interrupt is seen by the lookups' orderly end. Its own word for it may be lost, as it is ended soon after.
	if reached := strings.Contains(string(content), "plugin received interrupt signal, ignoring"); reached && !interrupted {
		t.Error("an interrupt that was for the CLI has reached the provider")
	} else if interrupted {
		t.Logf("the provider says that it ignores the interrupt: %t", reached)
	}
}

// hcl writes the arguments of a block.
func hcl(block values) string {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(block)) {
		switch value := block[name].(type) {
		case map[string]any:
			text.WriteString(name + " {\n" + hcl(value) + "}\n")
		case string:
			fmt.Fprintf(&text, "%s = %q\n", name, value)
		case int:
			fmt.Fprintf(&text, "%s = %d\n", name, value)
		}
	}
	return text.String()
}
