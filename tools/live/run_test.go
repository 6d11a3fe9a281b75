package main

import (
	"bytes"
	"cmp"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// sensitiveImages are images of the account that the service could list as official.
func sensitiveImages() []paisandbox.Image {
	official := paisandbox.L("system.official", "true")
	return []paisandbox.Image{
		paisandbox.Custom("20455", "registry.example.com/secret-team/secret-trainer:1.0", official),
		paisandbox.Custom("20455", "registry.example.com/secret-team/secret-notebook:1.0", official).
			With(func(i *paisandbox.Image) { i.Accessibility = paisandbox.Value("PUBLIC") }),
		paisandbox.Custom("31977", "registry.example.com/secret-team/secret-server:1.0"),
	}
}

// sensitiveValues returns the values of the sandbox that no file may contain, and those of official images that only
// the catalogue may contain.
func sensitiveValues(sandbox *paisandbox.Sandbox) (secret, official []string) {
	secret = []string{
		paisandbox.DefaultAccessKeyID, paisandbox.DefaultAccessKeySecret, sandbox.Host(), "secret-team", "1000000000002077",
	}
	for _, i := range sandbox.Images() {
		values := []string{i.ImageID.Or(""), i.Name.Or(""), i.ImageURI.Or("")}
		secret = append(secret, i.UserID.Or(""), i.ParentUserID.Or(""), i.WorkspaceID.Or(""))
		if i.UserID.Or("") == "1000000000002077" {
			secret = append(secret, values...)
		} else {
			official = append(official, values...)
		}
	}
	for _, w := range sandbox.Workspaces() {
		secret = append(secret, w.WorkspaceID.Or(""), w.WorkspaceName.Or(""), w.DisplayName.Or(""), w.Creator.Or(""),
			w.ResourceGroupID.Or(""))
		secret = append(secret, w.AdminNames.Or(nil)...)
	}
	for _, r := range sandbox.Requests() {
		secret = append(secret, r.RequestID)
	}
	return secret, official
}

// TestFiles runs the program, and checks the report, the catalogue file, and that neither contains data of the account
// (design rule 4). Some responses contain account numbers where the program doesn't expect them.
func TestFiles(t *testing.T) {
	t.Parallel()
	images := append(paisandbox.Catalogue(), sensitiveImages()...)
	leaking := paisandbox.APIError(404, "1000000000002077", "secret-team of 1000000000002077 has no such workspace.")
	sandbox := startSandbox(t, paisandbox.Options{Catalogue: images},
		paisandbox.Fault{Match: paisandbox.OnAction("GetWorkspace"), Do: leaking},
		paisandbox.Fault{Match: hasParameter("Query"), Do: paisandbox.APIError(400, "InvalidParameter.20455", "secret-team")})
	folder := t.TempDir()
	var stdout, stderr bytes.Buffer
	args := []string{"-region", "cn-hangzhou", "-out", folder}
	code := run(t.Context(), args, environ(sandbox.Environ()), &stdout, &stderr)
	if code != exitOK || stderr.Len() > 0 {
		t.Fatalf("got exit code %d, want %d; stderr %q", code, exitOK, stderr.String())
	}
	report, catalogue := readFile(t, folder, "report.md"), readFile(t, folder, "catalogue.json")
	printed := strings.ReplaceAll(stdout.String(), folder, "")
	if !strings.Contains(printed, report) {
		t.Errorf("the program printed %s, and the report is %s", printed, report)
	}
	for _, p := range probes {
		if !strings.Contains(report, "| "+p.fact) {
			t.Errorf("the report lacks %q", p.fact)
		}
	}

	secret, official := sensitiveValues(sandbox)
	for _, value := range append(official, secret...) {
		if value != "" && strings.Contains(printed, value) {
			t.Errorf("the report contains %q", value)
		}
	}
	for _, value := range secret {
		if value != "" && strings.Contains(catalogue, `"`+value+`"`) {
			t.Errorf("the catalogue contains %q", value)
		}
	}
	if strings.Contains(catalogue, "secret-") {
		t.Error("the catalogue contains an image of the account")
	}

	read, err := paisandbox.ReadCatalogue(strings.NewReader(catalogue))
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, i := range paisandbox.Catalogue() {
		for _, label := range i.Labels.Or(nil) {
			if label == paisandbox.L("system.official", "true") && i.Accessibility.Or("") == "PUBLIC" {
				want++
			}
		}
	}
	if len(read.Images) != want {
		t.Errorf("the catalogue has %d images, want %d", len(read.Images), want)
	}
	for fact, r := range runSandbox(t, paisandbox.Options{Catalogue: read.Images}) {
		if r.verdict == differs {
			t.Errorf("with the catalogue file, %s: %s", fact, r.seen)
		}
	}
}

func readFile(t *testing.T, folder, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// TestErrors checks the exit code and the message if the program can't check the service. It then writes no file.
func TestErrors(t *testing.T) {
	t.Parallel()
	sandbox := startSandbox(t, paisandbox.Options{})
	variables := sandbox.Environ()
	denying := startSandbox(t, paisandbox.Options{}, onAction("ListImages", paisandbox.APIError(403, "NoPermission", "")))
	noSource := []string{"ALIBABA_CLOUD_ECS_METADATA_DISABLED=true"}
	keys := []string{"ALICLOUD_ACCESS_KEY=another-key", "ALICLOUD_SECRET_KEY=another-secret"}
	for name, tt := range map[string]struct {
		args, variables []string
		code            int
		message         string
	}{
		"no region":         {variables: keys, code: exitError, message: "REGION=cn-hangzhou"},
		"wrong region":      {args: []string{"-region", "a.b"}, variables: keys, code: exitError, message: "a.b"},
		"no credentials":    {variables: noSource, code: exitError, message: "ALICLOUD_ACCESS_KEY"},
		"wrong credentials": {variables: append(variables[:2:2], keys...), code: exitError, message: "InvalidAccessKeyId"},
		"missing right":     {variables: denying.Environ(), code: exitError, message: "code NoPermission"},
		"wrong flag":        {args: []string{"-regions"}, variables: variables, code: exitUsage, message: "-regions"},
		"argument":          {args: []string{"cn-hangzhou"}, variables: variables, code: exitUsage, message: "cn-hangzhou"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(t.TempDir(), "out")
			var stdout, stderr bytes.Buffer
			code := run(t.Context(), append([]string{"-out", folder}, tt.args...), environ(tt.variables), &stdout, &stderr)
			if code != tt.code || !strings.Contains(stderr.String(), tt.message) {
				t.Errorf("got exit code %d and %q, want %d and %q", code, stderr.String(), tt.code, tt.message)
			}
			if _, err := os.Stat(folder); !os.IsNotExist(err) {
				t.Errorf("the program created the folder: %v", err)
			}
		})
	}
}

// TestInterrupt checks that the program ends after an interrupt, although a response never arrives (design rule 7).
func TestInterrupt(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	sandbox := startSandbox(t, paisandbox.Options{}, paisandbox.Fault{
		Match: paisandbox.OnAction("GetImage"), Do: paisandbox.Call(func(*paisandbox.Sandbox) { interrupt() }),
	}, paisandbox.Fault{Match: paisandbox.OnAction("GetImage"), Do: paisandbox.Hang()})
	folder := filepath.Join(t.TempDir(), "out")
	var stdout, stderr bytes.Buffer
	start := time.Now()
	code := run(ctx, []string{"-out", folder}, environ(sandbox.Environ()), &stdout, &stderr)
	if took := time.Since(start); code != exitError || took > 5*time.Second {
		t.Errorf("got exit code %d after %s, want %d within 5s", code, took, exitError)
	}
	if !strings.Contains(stderr.String(), "cancelled") || stdout.Len() > 0 {
		t.Errorf("got stdout %q and stderr %q", stdout.String(), stderr.String())
	}
}

// TestEndpoint checks that the flag, the environment and the default select the endpoint as in the provider.
func TestEndpoint(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ region, variable, want string }{
		{"cn-beijing", "ALICLOUD_REGION=cn-hangzhou", "https://aiworkspace.cn-beijing.aliyuncs.com"},
		{"", "ALICLOUD_REGION=cn-hangzhou", "https://aiworkspace.cn-hangzhou.aliyuncs.com"},
		{"cn-beijing", "ALIBABA_CLOUD_ENDPOINT_TYPE=vpc", "https://aiworkspace-vpc.cn-beijing.aliyuncs.com"},
		{"cn-beijing", "AIWORKSPACE_ENDPOINT=pai.{region}.example.com", "https://pai.cn-beijing.example.com"},
		{"", "AIWORKSPACE_ENDPOINT=pai.example.com", "https://pai.example.com"},
	} {
		env := environ([]string{tt.variable})
		region, _, _ := signin.Region(tt.region, false, env)
		got, err := endpointOf(region, cmp.Or(signin.Network("", env), paiclient.NetworkPublic), env)
		if err != nil || got.String() != tt.want {
			t.Errorf("%q and %s: got %s and error %v, want %s", tt.region, tt.variable, got, err, tt.want)
		}
	}
}
