package acctest

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// ciJob is a job of one of the guide's CI files. It contains the commands that the CI service runs after a checkout.
type ciJob struct {
	shell        string
	install      string // builds the provider; run omits it
	script       string
	env          []string // variables that the file sets; ${{ secrets.NAME }} refers to a secret
	namedSecrets bool     // the service passes only the secrets in env to the job, not all secrets
}

// githubJob reads the job of the GitHub workflow and checks the workflow's triggers, permissions and setup of
// Terraform.
func githubJob(t *testing.T) ciJob {
	t.Helper()
	var workflow struct {
		On          map[string]any
		Permissions map[string]string
		Jobs        map[string]struct {
			Env   map[string]string
			Steps []struct {
				Uses string
				With map[string]any
				Env  map[string]string
				Run  string
			}
		}
	}
	readYAML(t, "github-actions.yml", &workflow)
	for _, trigger := range []string{"schedule", "pull_request"} {
		if _, ok := workflow.On[trigger]; !ok {
			t.Errorf("the workflow lacks the trigger %s", trigger)
		}
	}
	if len(workflow.Permissions) != 1 || workflow.Permissions["contents"] != "read" {
		t.Errorf("the workflow has the permissions %v, want contents: read", workflow.Permissions)
	}
	if len(workflow.Jobs) != 1 {
		t.Errorf("the workflow has %d jobs, want 1", len(workflow.Jobs))
	}
	job := ciJob{shell: "bash", namedSecrets: true}
	for _, workflowJob := range workflow.Jobs {
		for name, value := range workflowJob.Env {
			job.env = append(job.env, name+"="+value)
		}
		for _, step := range workflowJob.Steps {
			// The wrapper changes the output of `terraform show`, and turns exit status 2 of `terraform plan` into 0.
			if strings.HasPrefix(step.Uses, "hashicorp/setup-terraform@") && step.With["terraform_wrapper"] != false {
				t.Error("terraform_wrapper is not false")
			}
			if step.Run == "sh install.sh" {
				job.install = step.Run
			} else {
				job.script += step.Run
			}
			for name, value := range step.Env {
				job.env = append(job.env, name+"="+value)
			}
		}
	}
	return job
}

// gitlabJob reads the job of the GitLab file and checks its stage, its number of rules and its setup of jq. The job
// belongs to the pipeline of the guide In pipelines, which builds the provider in an earlier stage.
func gitlabJob(t *testing.T) ciJob {
	t.Helper()
	var file map[string]struct {
		Stage        string
		Rules        []struct{ If string }
		BeforeScript []string `yaml:"before_script"`
		Script       []string
	}
	readYAML(t, "gitlab-ci.yml", &file)
	var pipeline struct {
		Stages    []string
		Variables map[string]string
		Provider  struct{ Stage string }
	}
	content := readFile(t, filepath.Join(root, "examples", "guides", "pipelines", "gitlab-ci.yml"))
	if err := yaml.Unmarshal([]byte(content), &pipeline); err != nil {
		t.Fatal(err)
	}
	if len(file) != 1 {
		t.Errorf("gitlab-ci.yml has %d jobs, want 1", len(file))
	}
	job := ciJob{shell: "sh"}
	for name, fileJob := range file {
		if before := strings.Join(fileJob.BeforeScript, "\n"); len(fileJob.Rules) != 2 || before != "apk add --no-cache jq" {
			t.Errorf("job %s has the rules %v and the before_script %q", name, fileJob.Rules, before)
		}
		job.script = strings.Join(fileJob.Script, "\n")
		stage := slices.Index(pipeline.Stages, fileJob.Stage)
		if stage <= slices.Index(pipeline.Stages, pipeline.Provider.Stage) {
			t.Errorf("job %s has the stage %q, want one after that of the job provider", name, fileJob.Stage)
		}
	}
	for variable, value := range pipeline.Variables {
		job.env = append(job.env, variable+"="+value)
	}
	return job
}

// readYAML parses a YAML file of the guide's folder and stores the result in the variable that into points to.
func readYAML(t *testing.T, name string, into any) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, "examples", "guides", "pin-or-follow", name))
	if err == nil {
		err = yaml.Unmarshal(content, into)
	}
	if err != nil {
		t.Fatalf("read %s: %s", name, err)
	}
}

// secretReference matches a reference to a secret in a GitHub workflow.
var secretReference = regexp.MustCompile(`\$\{\{ secrets\.(\w+) \}\}`)

// run runs the job in a folder with the guide's pin and returns its output. The directory in PATH contains only the
// CLI, jq and a shell. The job must succeed if wantSuccess is true, and fail otherwise.
func (j ciJob) run(t *testing.T, sandbox *paisandbox.Sandbox, jq string, wantSuccess bool) string {
	t.Helper()
	home, err := installProvider()
	if err != nil {
		t.Fatal(err)
	}
	checkout := newPinOrFollowDir(t, sandbox, "pin.tf")
	checkout.remove(".terraform")
	checkout.remove(lockFile)
	secrets := make(map[string]string)
	environ := []string{"HOME=" + home, "CHECKPOINT_DISABLE=1", "TF_CLI_ARGS=-no-color", "PATH=" + newPathDir(t, jq)}
	for _, variable := range sandbox.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		secrets[name] = value
		// The file doesn't set the endpoint, but the job must send its requests to the sandbox.
		if !j.namedSecrets || name == "ALIBABA_CLOUD_ENDPOINT_AIWORKSPACE" {
			environ = append(environ, variable)
		}
	}
	for _, variable := range j.env {
		environ = append(environ, secretReference.ReplaceAllStringFunc(variable, func(reference string) string {
			return secrets[secretReference.FindStringSubmatch(reference)[1]]
		}))
	}
	shell, err := exec.LookPath(j.shell)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), shell, "-e", "-c", j.script)
	command.Dir, command.Env = checkout.path, environ
	output, err := command.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if success := err == nil; success != wantSuccess {
		t.Fatalf("job succeeded: %t, want %t (%v)\n%s", success, wantSuccess, err, output)
	}
	return string(output)
}

// newPathDir returns a new directory for PATH. It contains the Terraform or OpenTofu CLI under the name terraform, the
// program jq under the name jq, and a shell under the name sh.
func newPathDir(t *testing.T, jq string) string {
	t.Helper()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for name, program := range map[string]string{"terraform": os.Getenv("TF_ACC_TERRAFORM_PATH"), "jq": jq, "sh": shell} {
		if err := os.Symlink(program, filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// buildJQOnce builds gojq, which replaces jq in the tests, and returns its path.
var buildJQOnce = sync.OnceValues(func() (string, error) {
	command := exec.CommandContext(context.Background(), "tools/tool.sh", "jq")
	command.Dir = root
	output, err := command.Output()
	return strings.TrimSpace(string(output)), err
})

// buildJQ returns the result of buildJQOnce. It stops the test if the build failed.
func buildJQ(t *testing.T) string {
	t.Helper()
	jq, err := buildJQOnce()
	if err != nil {
		t.Fatal(err)
	}
	return jq
}

// testChecksScript tests the guide's checks.sh, the last command of both jobs, with plans of every check status.
func testChecksScript(t *testing.T, jq string) {
	t.Helper()
	const (
		passed  = `{"address":{"to_display":"check.a"},"status":"pass","instances":[{"status":"pass"}]}`
		unknown = `{"address":{"to_display":"check.b"},"status":"unknown","instances":[{"status":"unknown"}]}`
		invalid = `{"address":{"to_display":"check.c"},"status":"error"}`
		failed  = `{"address":{"to_display":"d"},"status":"fail","instances":[` +
			`{"problems":[{"message":"1"},{"message":"2"}]},{"problems":[{"message":"3"}]}]}`
		noChecks = "The plan has no checks.\n"
	)
	script, err := filepath.Abs(filepath.Join(root, "examples", "guides", "pin-or-follow", "checks.sh"))
	if err != nil {
		t.Fatal(err)
	}
	path := newPathDir(t, jq)
	for plan, want := range map[string]string{
		`{"checks":[` + passed + `,` + passed + `]}`:  "Checks passed: 2\n",
		`{"checks":[` + passed + `,` + unknown + `]}`: "check.b: unknown\n",
		`{"checks":[` + invalid + `,` + passed + `]}`: "check.c: error\n",
		`{"checks":[` + failed + `]}`:                 "d: fail\n  1\n  2\n  3\n",
		`{"checks":[]}`:                               noChecks,
		`{}`:                                          noChecks,
		``:                                            noChecks,
		`{"checks":[` + passed:                        "", // only jq prints a message
	} {
		folder := t.TempDir()
		writeFile(t, filepath.Join(folder, "plan.json"), plan)
		command := exec.CommandContext(t.Context(), filepath.Join(path, "sh"), script, "plan.json")
		command.Dir, command.Env = folder, []string{"PATH=" + path}
		output, err := command.Output() // without stderr, so that a reader who redirects stdout has each failure
		if success := err == nil; success != strings.HasPrefix(want, "Checks passed") {
			t.Errorf("checks.sh with %s and the plan %s ended with %v", jq, plan, err)
		}
		if got := string(output); want != "" && got != want {
			t.Errorf("checks.sh with %s and the plan %s printed %q, want %q", jq, plan, got, want)
		}
	}
}
