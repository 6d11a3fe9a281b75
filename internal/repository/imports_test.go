package repository

import (
	"regexp"
	"strings"
	"testing"
)

// TestPurePackages checks that packages without side effects import neither an HTTP client nor a module of the vendor,
// directly or indirectly.
func TestPurePackages(t *testing.T) {
	t.Parallel()
	forbidden := regexp.MustCompile(`^(net/http|github\.com/(aliyun/|alibabacloud-go/|hashicorp/terraform-).*)$`)
	for _, pkg := range []string{"./internal/pai", "./internal/selection", "./internal/imageuri"} {
		for dependency := range strings.FieldsSeq(runGo(t, ".", "list", "-deps", pkg)) {
			if forbidden.MatchString(dependency) {
				t.Errorf("%s depends on %s", pkg, dependency)
			}
		}
	}
}
