package acctest

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"terraform.local/pai/terraform-provider-pai/internal/build"
)

// pipelineJob is a job of the guide's pipeline.
type pipelineJob struct {
	Script    []string
	Artifacts struct{ Paths []string }
}

func guidePipelines(t *testing.T) {
	t.Helper()
	page := readGuidePage(t, "pipelines")

	t.Run("jobs", func(t *testing.T) {
		t.Parallel()
		sandbox := startHangzhou(t)
		var pipeline struct {
			Stages                []string
			Variables             map[string]string
			Provider, Plan, Apply pipelineJob
		}
		dir := newGuideDir(t, "pipelines", sandbox)
		err := yaml.Unmarshal([]byte(readFile(t, filepath.Join(dir.path, "gitlab-ci.yml"))), &pipeline)
		if err != nil || strings.Join(pipeline.Stages, " ") != "provider plan apply" {
			t.Fatalf("got stages %q, error %v", pipeline.Stages, err)
		}
		for name := range pipeline.Variables {
			if !strings.HasPrefix(name, "PAI_") && !slices.Contains(sandbox.Environ(), name+"="+pipeline.Variables[name]) {
				t.Errorf("the pipeline sets %s=%s, which the sandbox doesn't expect", name, pipeline.Variables[name])
			}
		}
		source := newSource(t)
		// The home directory has no provider.
		dir.env = slices.Concat(sandbox.Environ(), source.environ, []string{"HOME=" + t.TempDir(), "CGO_ENABLED=0"})
		dir.edit("lock.sh", "linux", runtime.GOOS)
		dir.edit("lock.sh", "amd64", runtime.GOARCH)
		lock := runLockScript(t, dir)
		if hashes := len(checksum.FindAllString(lock, -1)); hashes == 0 || hashes == 1 && runtime.GOOS == "linux" {
			t.Errorf("the lock file has %d checksums:\n%s", hashes, lock)
		}

		artifacts := t.TempDir()
		runJob := func(status int, job pipelineJob, environ ...string) string {
			jobDir := &workingDir{t: t, path: t.TempDir(), env: append(dir.env, environ...)}
			copyFiles(t, jobDir.path, filepath.Join(root, "examples", "guides", "pipelines"))
			copyFiles(t, jobDir.path, artifacts)
			jobDir.write(lockFile, lock)
			jobDir.write("job.sh", strings.Join(job.Script, "\n"))
			output := jobDir.runScript(status, "job.sh")
			for _, path := range job.Artifacts.Paths {
				target := filepath.Join(artifacts, path)
				if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.Rename(filepath.Join(jobDir.path, path), target); err != nil {
					t.Fatal(err)
				}
			}
			return output
		}
		runJob(0, pipeline.Provider, "CGO_ENABLED=1")
		wantOutput(t, runJob(0, pipeline.Plan), firstTag)
		// The apply needs neither the image nor keys nor a region.
		sandbox.SetImages(nil)
		before := len(sandbox.Requests())
		wantOutput(t, runJob(0, pipeline.Apply, "ALIBABA_CLOUD_ACCESS_KEY_SECRET=", "ALIBABA_CLOUD_REGION="), "1 added")
		if requests := len(sandbox.Requests()) - before; requests != 0 {
			t.Errorf("apply of the saved plan sent %d requests, want 0", requests)
		}
		pipeline.Apply.Script = pipeline.Apply.Script[1:]
		page.wantQuote(t, "there is no package", runJob(1, pipeline.Apply))
		lock = checksum.ReplaceAllString(lock, "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
		page.wantQuote(t, "Failed to install provider", runJob(1, pipeline.Plan))

		// After another commit, the scripts build that one.
		second := source.commit(t, "--allow-empty")
		dir.env = append(dir.env, "PAI_COMMIT="+second)
		dir.runScript(0, "install.sh")
		testVersionPerCommit(t, dir, second)
	})

	t.Run("other providers", func(t *testing.T) {
		t.Parallel()
		dir := newGuideDir(t, "pipelines", startHangzhou(t))
		home := t.TempDir()
		dir.env = append(dir.env, "HOME="+home, "HTTPS_PROXY=http://127.0.0.1:1")
		copyFiles(t, dir.path+"/terraform.d/plugins", installedHome+"/.terraform.d/plugins")
		host := "registry.terraform.io"
		if mustReadCLIVersion(t).product == "OpenTofu" {
			host = "registry.opentofu.org"
		}
		platform := runtime.GOOS + "_" + runtime.GOARCH
		other := filepath.Join(home, ".terraform.d", "plugins", host, "example", "other", "1.0.0", platform)
		if err := os.MkdirAll(other, 0o700); err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(other, "terraform-provider-other_v1.0.0"), "")
		dir.edit("main.tf", "  required_providers {\n",
			"  required_providers {\n    other = {\n      source = \"example/other\"\n    }\n")
		page.wantQuote(t, "example/other", dir.runStatus(1, "init", "-no-color", "-plugin-dir=terraform.d/plugins"))
		dir.remove(".terraform")
		wantOutput(t, dir.init(), "Installed example/other v1.0.0", "Installed "+build.Address)
	})

	t.Run("plugin cache", func(t *testing.T) {
		t.Parallel()
		first, second := newGuideDir(t, "pipelines", startHangzhou(t)), newGuideDir(t, "pipelines", startHangzhou(t))
		cache := t.TempDir()
		for _, dir := range []*workingDir{first, second} {
			dir.env = append(dir.env, "HOME="+t.TempDir(), "HTTPS_PROXY=http://127.0.0.1:1", "TF_PLUGIN_CACHE_DIR="+cache)
			plugins := dir.path + "/terraform.d/plugins"
			copyFiles(t, plugins, installedHome+"/.terraform.d/plugins")
			if dir == second { // another build of the same version
				binaries, err := filepath.Glob(plugins + "/*/*/*/*/*/*")
				if err != nil || len(binaries) != 1 {
					t.Fatalf("got binaries %q, error %v", binaries, err)
				}
				appendByte(t, binaries[0])
			}
			dir.remove(".terraform")
			dir.remove(lockFile)
			dir.init()
		}
		output := strings.Join(strings.Fields(first.plan(1)), " ")
		page.wantQuote(t, "the cached package", strings.Replace(output, "run tofu init", "", 1))
		first.init()
		first.plan(2)
	})

	t.Run("data source inside the check", func(t *testing.T) {
		t.Parallel()
		configuration := strings.Replace(nestedCheck, "image_uri = var.image_uri", "official = true", 1)
		dir := newWorkingDir(t, startHangzhou(t), configuration)
		dir.apply()
		output := dir.plan(2)
		page.wantQuote(t, "will be read during apply", output)
		if lines := strings.Count(output, "\n"); lines < 1000 {
			t.Errorf("the plan has %d lines, want more than 1000", lines)
		}
	})
}

// runLockScript runs lock.sh with a lock file that has an old checksum of the provider, and an entry of another
// provider. It checks that only this entry is kept, and returns the lock file without it.
func runLockScript(t *testing.T, dir *workingDir) string {
	t.Helper()
	const oldChecksum, otherAddress = "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "example.com/example/other"
	entry := func(address string) string {
		return "provider \"" + address + "\" {\n  version = \"1.0.0\"\n  hashes = [\n    \"" + oldChecksum + "\",\n  ]\n}\n\n"
	}
	dir.write(lockFile, entry(otherAddress)+strings.Replace(entry(build.Address), "1.0.0", build.Version, 1))
	before := dir.edit("main.tf", "  required_providers {\n",
		"  required_providers {\n    other = {\n      source = \""+otherAddress+"\"\n    }\n")
	dir.runScript(0, "lock.sh")
	dir.write("main.tf", before)
	lock := readFile(t, filepath.Join(dir.path, lockFile))
	if !strings.Contains(lock, entry(otherAddress)) || strings.Count(lock, oldChecksum) != 1 {
		t.Errorf("lock.sh removed the other provider, or kept the old checksum:\n%s", lock)
	}
	return strings.Replace(lock, entry(otherAddress), "", 1)
}

// testVersionPerCommit installs the provider of the folder with a version that names the commit.
func testVersionPerCommit(t *testing.T, dir *workingDir, commit string) {
	t.Helper()
	dir.runScript(0, "version-per-commit.sh")
	builds, err := filepath.Glob(dir.path + "/terraform.d/plugins/*/*/*/0.1.0-g" + commit[:12])
	if err != nil || len(builds) != 1 {
		t.Fatalf("got builds %q, error %v; want one", builds, err)
	}
	dir.remove(lockFile)
	wantOutput(t, dir.init(), "Installed "+build.Address+" v0.1.0 ")
	dir.remove(lockFile)
	dir.edit("main.tf", "~> 0.1", filepath.Base(builds[0]))
	wantOutput(t, dir.init(), "Installed "+build.Address+" v"+filepath.Base(builds[0]))
	dir.run("validate", "-no-color")
}

// sourceRepository is a Git repository with the provider's source.
type sourceRepository struct {
	folder  string   // of Git
	source  string   // working tree
	environ []string // variables of the guide's install.sh, and of Go's caches
}

func (r *sourceRepository) git(t *testing.T, args ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "git", append([]string{
		"--git-dir=" + r.folder, "--work-tree=" + r.source, "-c", "user.name=test", "-c", "user.email=test@example.com",
	}, args...)...)
	command.Dir = r.source
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %s\n%s", args, err, output)
	}
	return strings.TrimSpace(string(output))
}

// commit commits the source, with further arguments for `git commit`, and returns the commit.
func (r *sourceRepository) commit(t *testing.T, args ...string) string {
	t.Helper()
	r.git(t, append([]string{"commit", "--quiet", "--no-verify", "--message=Source"}, args...)...)
	return r.git(t, "rev-parse", "HEAD")
}

// newSource commits the provider's source to a new repository.
func newSource(t *testing.T) *sourceRepository {
	t.Helper()
	source, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	r := &sourceRepository{folder: filepath.Join(t.TempDir(), "source.git"), source: source}
	r.git(t, "init", "--quiet")
	r.git(t, "add", "--all")
	caches, err := exec.CommandContext(t.Context(), "go", "env", "GOCACHE", "GOMODCACHE", "GOPATH").Output()
	if err != nil {
		t.Fatal(err)
	}
	folders := strings.Fields(string(caches))
	r.environ = []string{
		"PAI_SOURCE=" + r.folder, "PAI_COMMIT=" + r.commit(t),
		"GOCACHE=" + folders[0], "GOMODCACHE=" + folders[1], "GOPATH=" + folders[2],
	}
	return r
}

// copyFiles copies a folder into another one, which may exist.
func copyFiles(t *testing.T, to, from string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// appendByte changes a binary's checksum, but not what it does.
func appendByte(t *testing.T, file string) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err == nil {
		_, err = f.WriteString("\n")
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}
