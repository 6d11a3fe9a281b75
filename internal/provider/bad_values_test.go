package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// badValue is a block with something wrong in it: where the error must stand, and what it must say.
type badValue struct {
	block values
	path  string
	says  string
}

// badValues are those of a list; the ones whose arguments a single image has too are bad there as well.
func badValues() []badValue {
	return []badValue{
		{values{"name": ""}, `AttributeName("name")`, "must not be empty"},
		{values{"name": " \n"}, `AttributeName("name")`, "must not be empty"},
		{values{"query": ""}, `AttributeName("query")`, "must not be empty"},
		{values{"image_uri": ""}, `AttributeName("image_uri")`, "must not be empty"},
		{values{"workspace_id": ""}, `AttributeName("workspace_id")`, "must not be empty"},
		{values{"accessibility": "public"}, `AttributeName("accessibility")`, `"PUBLIC" "PRIVATE"`},
		{values{"accessibility": ""}, `AttributeName("accessibility")`, `"PUBLIC" "PRIVATE"`},
		{values{"labels": map[string]any{"": "x"}}, `AttributeName("labels").ElementKeyString("")`, "key must not be empty"},
		{values{"labels": map[string]any{"a=b": "x"}}, `AttributeName("labels").ElementKeyString("a=b")`, `"=" or ","`},
		{values{"labels": map[string]any{"a,b": "x"}}, `AttributeName("labels").ElementKeyString("a,b")`, `"=" or ","`},
		{values{"labels": map[string]any{"a": ""}}, `AttributeName("labels").ElementKeyString("a")`, "value must not be empty"},
		{values{"labels": map[string]any{"a": "x,y"}}, `AttributeName("labels").ElementKeyString("a")`, `"," in a value`},
		{values{"labels": map[string]any{"a": nil}}, `AttributeName("labels")`, "contains a null value"},
		{values{"chip_type": ""}, `AttributeName("chip_type")`, "value must not be empty"},
		{values{"chip_type": "CPU,GPU"}, `AttributeName("chip_type")`, `"," in a value`},
		{values{"framework": ""}, `AttributeName("framework")`, "key must not be empty"},
		{values{"framework": "a,b"}, `AttributeName("framework")`, `"=" or ","`},
		{values{"framework": "PyTorch=2"}, `AttributeName("framework")`, `"=" or ","`},
		{values{"supported_by": []any{"dlc", "pai"}}, `AttributeName("supported_by").ElementKeyValue(`, `"dlc" "dsw" "eas"`},
		{values{"supported_by": []any{nil}}, `AttributeName("supported_by")`, "contains a null value"},
		{values{"version": "newest"}, `AttributeName("version")`, "must be a version constraint"},
		{values{"version": ""}, `AttributeName("version")`, "must be a version constraint"},
		{values{"version": ">= 2.0 < 3.0"}, `AttributeName("version")`, "must be a version constraint"},
		{values{"name_regex": "("}, `AttributeName("name_regex")`, "missing closing )"},
		{values{"name_regex": "(?!x)"}, `AttributeName("name_regex")`, "RE2"},
		{values{"name_regex": ""}, `AttributeName("name_regex")`, "must not be empty"},
		{values{"sort_by": "Name"}, `AttributeName("sort_by")`, `"GmtCreateTime"`},
		{values{"order": "desc"}, `AttributeName("order")`, `"ASC" "DESC"`},
		{values{"page_size": 0}, `AttributeName("page_size")`, "between 1 and 100"},
		{values{"page_size": 101}, `AttributeName("page_size")`, "between 1 and 100"},
		{values{"page_size": 1.5}, `AttributeName("page_size")`, "1.5"},
		{values{"page_number": 0}, `AttributeName("page_number")`, "between 1 and"},
		{values{"page_number": -1}, `AttributeName("page_number")`, "between 1 and"},
		{values{"timeouts": map[string]any{"read": "soon"}}, `AttributeName("timeouts").AttributeName("read")`, "Time Duration"},
		{values{"timeouts": map[string]any{"read": "0s"}}, `AttributeName("timeouts").AttributeName("read")`, "longer than nothing"},
		{values{"timeouts": map[string]any{"read": "-5m"}}, `AttributeName("timeouts").AttributeName("read")`, "longer than nothing"},
		// Two arguments that are about the same label, or that need the labels left out.
		{
			values{"official": true, "labels": map[string]any{"system.official": "true"}},
			`AttributeName("labels").ElementKeyString("system.official")`, "The argument official stands for",
		},
		{
			values{"official": false, "labels": map[string]any{"system.official": "false"}},
			`AttributeName("labels").ElementKeyString("system.official")`, "The argument official stands for",
		},
		{
			values{"supported_by": []any{"eas"}, "labels": map[string]any{"system.supported.eas": "*"}},
			`AttributeName("labels").ElementKeyString("system.supported.eas")`, "The argument supported_by stands for",
		},
		{
			values{"chip_type": "GPU", "labels": map[string]any{"system.chipType": "GPU"}},
			`AttributeName("labels").ElementKeyString("system.chipType")`, "The argument chip_type stands for",
		},
		{
			values{"framework": "PyTorch", "labels": map[string]any{"system.framework.PyTorch": "2.8"}},
			`AttributeName("labels").ElementKeyString("system.framework.PyTorch")`, "The argument framework stands for",
		},
		{values{"verbose": false, "framework": "PyTorch", "version": "2.8"}, `AttributeName("verbose")`, "version with framework"},
		{values{"verbose": false, "official": false}, `AttributeName("verbose")`, "official = false"},
	}
}

// badSingleValues are those that only a single image has.
func badSingleValues() []badValue {
	return []badValue{
		{values{"image_id": ""}, `AttributeName("image_id")`, "must not be empty"},
		{values{"image_id": " "}, `AttributeName("image_id")`, "must not be empty"},
		{values{"image_id": ".."}, `AttributeName("image_id")`, "is no image's id"},
		{values{"image_id": "image-1\n"}, `AttributeName("image_id")`, "a blank, a line end"},
		{values{"image_id": "image-1", "query": "x"}, `AttributeName("query")`, "image_id names one image"},
		{values{"image_id": "image-1", "most_recent": true}, `AttributeName("most_recent")`, "nothing to choose"},
		{values{"image_id": "image-1", "latest_version": true}, `AttributeName("latest_version")`, "nothing to choose"},
		{values{"most_recent": true, "latest_version": true}, `AttributeName("latest_version")`, "Set one of them"},
	}
}

// TestBadValues: each is an error on its attribute, and nothing is sent.
func TestBadValues(t *testing.T) {
	t.Parallel()
	runs := map[string][]badValue{"pai_images": badValues(), "pai_image": badSingleValues()}
	for _, test := range badValues() {
		if singleTakes(t, test.block) {
			runs["pai_image"] = append(runs["pai_image"], test)
		}
	}
	if len(runs["pai_image"]) < 40 {
		t.Errorf("only %d cases of a single image", len(runs["pai_image"]))
	}
	for lookup, cases := range runs {
		for _, test := range cases {
			t.Run(fmt.Sprint(lookup, test.block), func(t *testing.T) {
				t.Parallel()
				sandbox := start(t, paisandbox.Options{})
				tf := reading(t, sandbox)
				tf.lookup = lookup
				test.wantIn(t, tf.read(t.Context(), test.block).Diagnostics)
				if sent := len(sandbox.Requests()); sent != 0 {
					t.Errorf("%d requests were sent", sent)
				}
			})
		}
	}
}

// singleTakes says whether a single image has all arguments of a list's block.
func singleTakes(t *testing.T, block values) bool {
	t.Helper()
	attributes := singleImageSchema(t.Context()).Attributes
	for argument := range block {
		if _, is := attributes[argument]; !is {
			return false
		}
	}
	return true
}

// TestBadProviderValues: the same for the provider block.
func TestBadProviderValues(t *testing.T) {
	t.Parallel()
	keys := func(more values) values {
		block := values{"region": "cn-hangzhou", "access_key": "id", "secret_key": "secret"}
		for name, value := range more {
			block[name] = value
		}
		return block
	}
	cases := []badValue{
		{keys(values{"region": ""}), `AttributeName("region")`, "has not the form of a region"},
		{keys(values{"region": "cn-hangzhou.evil.com/"}), `AttributeName("region")`, "has not the form of a region"},
		{keys(values{"region": nil}), `AttributeName("region")`, "ALIBABA_CLOUD_REGION"},
		{keys(values{"endpoint": ""}), `AttributeName("endpoint")`, "names no host"},
		{keys(values{"endpoint": "http://example.com"}), `AttributeName("endpoint")`, "loopback"},
		{keys(values{"endpoint": "https://example.com/api"}), `AttributeName("endpoint")`, "a path or a query"},
		{keys(values{"endpoint": "gopher://example.com"}), `AttributeName("endpoint")`, "scheme"},
		{keys(values{"network": "internal"}), `AttributeName("network")`, `"public" "vpc"`},
		{keys(values{"network": ""}), `AttributeName("network")`, `"public" "vpc"`},
		{keys(values{"access_key": ""}), `AttributeName("access_key")`, "must not be empty"},
		{keys(values{"secret_key": " "}), `AttributeName("secret_key")`, "must not be empty"},
		{keys(values{"security_token": ""}), `AttributeName("security_token")`, "must not be empty"},
		{keys(values{"secret_key": "a b"}), `AttributeName("secret_key")`, "a blank, a line end"},
		{keys(values{"access_key": "a\nb"}), `AttributeName("access_key")`, "a blank, a line end"},
		{keys(values{"security_token": "a\x00b"}), `AttributeName("security_token")`, "a blank, a line end"},
		{values{"region": "cn-hangzhou", "access_key": "id", "security_token": "t"}, `AttributeName("security_token")`, "secret_key"},
		{keys(values{"secret_key": nil}), `AttributeName("access_key")`, "secret_key"},
		{keys(values{"access_key": nil}), `AttributeName("secret_key")`, "access_key"},
		{values{"region": "cn-hangzhou", "security_token": "t"}, `AttributeName("security_token")`, "access_key"},
		{values{"region": "cn-hangzhou", "profile": ""}, `AttributeName("profile")`, "must not be empty"},
		{values{"region": "cn-hangzhou", "shared_credentials_file": " "}, `AttributeName("shared_credentials_file")`, "must not be empty"},
		{values{"region": "cn-hangzhou", "ecs_role_name": ""}, `AttributeName("ecs_role_name")`, "must not be empty"},
		{values{"region": "cn-hangzhou", "credentials_uri": "127.0.0.1:80"}, `AttributeName("credentials_uri")`, "http:// or https://"},
		{keys(values{"sts_endpoint": "https://sts.aliyuncs.com"}), `AttributeName("sts_endpoint")`, "without a scheme"},
		{keys(values{"sts_endpoint": "sts.aliyuncs.com/x"}), `AttributeName("sts_endpoint")`, "without a scheme"},
		{keys(values{"sts_endpoint": ""}), `AttributeName("sts_endpoint")`, "must not be empty"},
		{keys(values{"assume_role": map[string]any{"role_arn": "reader"}}), `AttributeName("assume_role").AttributeName("role_arn")`, "acs:ram::"},
		{keys(values{"assume_role": map[string]any{}}), `AttributeName("assume_role").AttributeName("role_arn")`, "role_arn"},
		{keys(roleWith("session_name", "a b")), `AttributeName("assume_role").AttributeName("session_name")`, "2 to 64"},
		{keys(roleWith("session_name", "")), `AttributeName("assume_role").AttributeName("session_name")`, "2 to 64"},
		{keys(roleWith("session_expiration", 899)), `AttributeName("assume_role").AttributeName("session_expiration")`, "between 900 and 43200"},
		{keys(roleWith("session_expiration", 43201)), `AttributeName("assume_role").AttributeName("session_expiration")`, "between 900 and 43200"},
		{keys(roleWith("policy", "{")), `AttributeName("assume_role").AttributeName("policy")`, "jsonencode"},
		{keys(roleWith("external_id", "")), `AttributeName("assume_role").AttributeName("external_id")`, "must not be empty"},
		{oidcWith("oidc_provider_arn", nil), `AttributeName("assume_role_with_oidc").AttributeName("oidc_provider_arn")`, "oidc_provider_arn"},
		{oidcWith("oidc_provider_arn", "github"), `AttributeName("assume_role_with_oidc").AttributeName("oidc_provider_arn")`, "oidc-provider/"},
		{oidcWith("role_arn", nil), `AttributeName("assume_role_with_oidc").AttributeName("role_arn")`, "role_arn"},
		{oidcWith("role_arn", ""), `AttributeName("assume_role_with_oidc").AttributeName("role_arn")`, "acs:ram::"},
		{oidcWith("oidc_token", nil), `AttributeName("assume_role_with_oidc")`, "oidc_token"},
		{oidcWith("oidc_token", ""), `AttributeName("assume_role_with_oidc").AttributeName("oidc_token")`, "must not be empty"},
		{oidcWith("oidc_token_file", "/tmp/t"), `AttributeName("assume_role_with_oidc")`, "oidc_token_file"},
		{oidcWith("role_session_name", "x"), `AttributeName("assume_role_with_oidc").AttributeName("role_session_name")`, "2 to 64"},
		// Two ways to sign in.
		{keys(values{"profile": "dev"}), `AttributeName("profile")`, "two ways to sign in"},
		{keys(values{"shared_credentials_file": "f"}), `AttributeName("shared_credentials_file")`, "two ways to sign in"},
		{keys(values{"ecs_role_name": "r"}), `AttributeName("ecs_role_name")`, "two ways to sign in"},
		{values{"region": "cn-hangzhou", "profile": "dev", "credentials_uri": "http://127.0.0.1/"}, `AttributeName("credentials_uri")`, "two ways to sign in"},
		{keys(oidcWith("policy", nil)), `AttributeName("assume_role_with_oidc")`, "two ways to sign in"},
		{keys(values{"max_retries": -1}), `AttributeName("max_retries")`, "between 0 and"},
		{keys(values{"max_retries": 1000}), `AttributeName("max_retries")`, "between 0 and"},
		{keys(values{"request_timeout": "fast"}), `AttributeName("request_timeout")`, "Duration"},
		{keys(values{"request_timeout": "30"}), `AttributeName("request_timeout")`, "missing unit"},
		{keys(values{"request_timeout": "0s"}), `AttributeName("request_timeout")`, "longer than nothing"},
		{keys(values{"request_timeout": "-1s"}), `AttributeName("request_timeout")`, "longer than nothing"},
		{keys(values{"max_concurrency": 0}), `AttributeName("max_concurrency")`, "between 1 and"},
	}
	for _, test := range cases {
		t.Run(fmt.Sprint(test.block), func(t *testing.T) {
			t.Parallel()
			test.wantIn(t, newTerraform(t).configure(test.block))
		})
	}
}

// TestGoodValues: what is null or not known yet passes.
func TestGoodValues(t *testing.T) {
	t.Parallel()
	tf := newTerraform(t)
	for _, block := range []values{
		{},
		{"labels": map[string]any{"a": "x y=z", "b": "*"}, "supported_by": []any{}, "version": "~> 2.3, != 2.4", "order": "DESC"},
		{
			"name": unknown{}, "query": unknown{}, "labels": unknown{}, "image_uri": unknown{}, "workspace_id": unknown{},
			"accessibility": unknown{}, "official": unknown{}, "supported_by": unknown{}, "chip_type": unknown{},
			"framework": unknown{}, "version": unknown{}, "name_regex": unknown{}, "sort_by": unknown{}, "order": unknown{},
			"verbose": unknown{}, "page_size": unknown{}, "page_number": unknown{}, "timeouts": map[string]any{"read": unknown{}},
		},
		{"labels": map[string]any{"a": unknown{}}, "supported_by": []any{unknown{}}, "timeouts": unknown{}},
		{"verbose": false, "version": "2.8"},
		{"official": unknown{}, "labels": map[string]any{"system.official": "true"}},
		{"verbose": false, "framework": unknown{}, "version": "2.8", "official": unknown{}},
	} {
		wantNone(t, tf.validate(t.Context(), block))
	}

	tf.lookup = "pai_image"
	for _, block := range []values{
		{},
		{"image_id": "image-1", "name": "x", "official": false, "most_recent": false, "latest_version": false},
		{"most_recent": true, "latest_version": false},
		{
			"image_id": unknown{}, "name": unknown{}, "query": "x", "labels": unknown{}, "image_uri": unknown{}, "workspace_id": unknown{},
			"accessibility": unknown{}, "official": unknown{}, "supported_by": unknown{}, "chip_type": unknown{},
			"framework": unknown{}, "version": unknown{}, "name_regex": unknown{}, "most_recent": true, "latest_version": unknown{},
			"timeouts": unknown{},
		},
		{"image_id": "image-1", "query": unknown{}, "most_recent": unknown{}, "latest_version": unknown{}},
	} {
		wantNone(t, tf.validate(t.Context(), block))
	}
}

// roleWith is a provider block with a role to assume and one more member of it.
func roleWith(member string, value any) values {
	block := map[string]any{"role_arn": "acs:ram::1234:role/reader"}
	block[member] = value
	return values{"assume_role": block}
}

// oidcWith is a provider block that signs in by OIDC, with one member changed.
func oidcWith(member string, value any) values {
	block := map[string]any{
		"oidc_provider_arn": "acs:ram::1234:oidc-provider/ci", "role_arn": "acs:ram::1234:role/reader", "oidc_token": "t.o.k",
	}
	block[member] = value
	return values{"region": "cn-hangzhou", "assume_role_with_oidc": block}
}

func wantNone(t *testing.T, diagnostics []*tfprotov6.Diagnostic) {
	t.Helper()
	for _, diagnostic := range diagnostics {
		t.Fatalf("%s: %s: %s", diagnostic.Attribute, diagnostic.Summary, diagnostic.Detail)
	}
}

func (b badValue) wantIn(t *testing.T, diagnostics []*tfprotov6.Diagnostic) {
	t.Helper()
	for _, diagnostic := range diagnostics {
		if strings.HasPrefix(diagnostic.Attribute.String(), b.path) &&
			strings.Contains(diagnostic.Summary+" "+diagnostic.Detail, b.says) &&
			diagnostic.Severity == tfprotov6.DiagnosticSeverityError {
			return
		}
	}
	t.Errorf("no error on %s that says %q", b.path, b.says)
	for _, diagnostic := range diagnostics {
		t.Logf("%s: %s: %s", diagnostic.Attribute, diagnostic.Summary, diagnostic.Detail)
	}
}
