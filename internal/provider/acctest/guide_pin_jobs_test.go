package acctest

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// ciJob is what a CI service runs in a shell, after a checkout and with Terraform and jq installed.
type ciJob struct {
	shell   string // the service's own
	script  string
	environ []string // what the file itself sets; ${{ secrets.NAME }} stands for a secret
	secrets bool     // whether secrets are seen only where the file names them
}

func githubJob(t *testing.T) ciJob {
	t.Helper()
	var workflow struct {
		On          map[string]any
		Permissions map[string]string
		Jobs        map[string]struct {
			Steps []struct {
				Uses string
				With map[string]any
				Env  map[string]string
				Run  string
			}
		}
	}
	readYAML(t, "github-actions.yml", &workflow)
	_, scheduled := workflow.On["schedule"]
	_, proposed := workflow.On["pull_request"]
	if !scheduled || !proposed || len(workflow.Permissions) != 1 || workflow.Permissions["contents"] != "read" || len(workflow.Jobs) != 1 {
		t.Errorf("the workflow runs on %v, may %v, and does %v", workflow.On, workflow.Permissions, workflow.Jobs)
	}
	job := ciJob{shell: "bash", secrets: true}
	for _, one := range workflow.Jobs {
		for _, step := range one.Steps {
			if strings.HasPrefix(step.Uses, "hashicorp/setup-terraform@") && step.With["terraform_wrapper"] != false {
				t.Error("the wrapper is on")
			}
			job.script += step.Run
			for name, value := range step.Env {
				job.environ = append(job.environ, name+"="+value)
			}
		}
	}
	return job
}

func gitlabJob(t *testing.T) ciJob {
	t.Helper()
	var file map[string]struct {
		Rules        []struct{ If string }
		Variables    map[string]string
		BeforeScript []string `yaml:"before_script"`
		Script       []string
	}
	readYAML(t, "gitlab-ci.yml", &file)
	job := ciJob{shell: "sh"}
	for _, one := range file {
		if len(file) != 1 || len(one.Rules) != 2 || strings.Join(one.BeforeScript, "\n") != "apk add --no-cache jq" {
			t.Errorf("the jobs are %v", file)
		}
		job.script = strings.Join(one.Script, "\n")
		for name, value := range one.Variables {
			job.environ = append(job.environ, name+"="+value)
		}
	}
	return job
}

func readYAML(t *testing.T, name string, into any) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, "examples", "guides", "pin", name))
	if err == nil {
		err = yaml.Unmarshal(content, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

var secretReference = regexp.MustCompile(`\$\{\{ secrets\.(\w+) \}\}`)

// run runs the job in a fresh copy of the guide's folder, as a checkout is, with nothing on its path but what the service has
// installed. The job must succeed exactly if the status is 0. What it printed is given.
func (j ciJob) run(t *testing.T, sandbox *paisandbox.Sandbox, jq string, status int) string {
	t.Helper()
	home, err := installed()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(filepath.Join(root, "examples", "guides", "pin"))); err != nil {
		t.Fatal(err)
	}
	secrets := make(map[string]string)
	environ := []string{"HOME=" + home, "CHECKPOINT_DISABLE=1", "TF_CLI_ARGS=-no-color", "PATH=" + onlyOnPath(t, jq)}
	for _, variable := range sandbox.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		secrets[name] = value
		if !j.secrets || name == "ALIBABA_CLOUD_ENDPOINT_AIWORKSPACE" { // the sandbox is no region's endpoint
			environ = append(environ, variable)
		}
	}
	for _, variable := range j.environ {
		environ = append(environ, secretReference.ReplaceAllStringFunc(variable, func(reference string) string {
			return secrets[secretReference.FindStringSubmatch(reference)[1]]
		}))
	}
	shell, err := exec.LookPath(j.shell)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), shell, "-e", "-c", j.script)
	command.Dir, command.Env = folder, environ
	output, err := command.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if (err == nil) != (status == 0) {
		t.Fatalf("%v, and the exit status should be %d:\n%s", err, status, output)
	}
	return string(output)
}

// onlyOnPath is a folder with the CLI by the name of terraform, jq, and a shell.
func onlyOnPath(t *testing.T, jq string) string {
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

// builtJQ is the path of gojq, which stands in for jq on a machine that has none.
var builtJQ = sync.OnceValues(func() (string, error) {
	command := exec.CommandContext(context.Background(), "tools/tool.sh", "jq")
	command.Dir = root
	output, err := command.Output()
	return strings.TrimSpace(string(output)), err
})

func standInJQ(t *testing.T) string {
	t.Helper()
	jq, err := builtJQ()
	if err != nil {
		t.Fatal(err)
	}
	return jq
}

// tryChecksScript runs the script that both jobs end with on plans of all kinds.
func tryChecksScript(t *testing.T, jq string) {
	t.Helper()
	const passed = `{"address":{"to_display":"check.a"},"status":"pass","instances":[{"status":"pass"}]}`
	path := onlyOnPath(t, jq)
	for plan, want := range map[string]string{
		`{"checks":[` + passed + `,` + passed + `]}`: "Checks passed: 2\n",
		`{"checks":[` + passed + `,{"address":{"to_display":"check.b"},"status":"unknown","instances":[{"status":"unknown"}]}]}`:                                  "check.b: unknown\n",
		`{"checks":[{"address":{"to_display":"check.c"},"status":"error"},` + passed + `]}`:                                                                       "check.c: error\n",
		`{"checks":[{"address":{"to_display":"d"},"status":"fail","instances":[{"problems":[{"message":"1"},{"message":"2"}]},{"problems":[{"message":"3"}]}]}]}`: "d: fail\n  1\n  2\n  3\n",
		`{"checks":[]}`:        "The plan has no checks.\n",
		`{}`:                   "The plan has no checks.\n",
		``:                     "The plan has no checks.\n",
		`{"checks":[` + passed: "",
	} {
		folder := t.TempDir()
		writeFile(t, filepath.Join(folder, "plan.json"), plan)
		script, err := filepath.Abs(filepath.Join(root, "examples", "guides", "pin", "checks.sh"))
		if err != nil {
			t.Fatal(err)
		}
		command := exec.CommandContext(t.Context(), filepath.Join(path, "sh"), script, "plan.json")
		command.Dir, command.Env = folder, []string{"PATH=" + path}
		output, err := command.CombinedOutput()
		if (err == nil) != strings.HasPrefix(want, "Checks passed") || want != "" && string(output) != want {
			t.Errorf("%s: of %s it says %q, %v", jq, plan, output, err)
		}
	}
}
