package churn

import (
	"fmt"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// StartImages replaces the images of the sandbox with generated ones and changes them from the next request on. After
// this call, nothing else may change the images.
func StartImages(s *paisandbox.Sandbox, o Options) *Churn[paisandbox.Image] {
	return start(s, o, kind[paisandbox.Image]{
		replace: s.SetImages,
		create:  newImage,
		fields: func(i *paisandbox.Image) fields {
			return fields{id: &i.ImageID, name: &i.Name, created: &i.GmtCreateTime, modified: &i.GmtModifiedTime}
		},
		nameFormat: "%s-%d",
	})
}

// StartWorkspaces replaces the workspaces of the sandbox with generated ones and changes them from the next request on.
// After this call, nothing else may change the workspaces.
func StartWorkspaces(s *paisandbox.Sandbox, o Options) *Churn[paisandbox.Workspace] {
	return start(s, o, kind[paisandbox.Workspace]{
		replace: s.SetWorkspaces,
		create:  newWorkspace,
		fields: func(w *paisandbox.Workspace) fields {
			return fields{
				id: &w.WorkspaceID, name: &w.WorkspaceName, created: &w.GmtCreateTime, modified: &w.GmtModifiedTime,
			}
		},
		nameFormat: "%s_%d",
	})
}

// The values of generated images and workspaces. Each appears in some only, so that every filter matches some and
// excludes others.
var (
	chips        = []string{"GPU", "CPU"}
	frameworks   = []string{"PyTorch", "TensorFlow"}
	services     = []string{"dlc", "dsw", "eas"}
	repositories = []string{"training", "inference"}
	variants     = []string{"", "-gpu", "-cpu"}
	statuses     = []string{"ENABLED", "DISABLED", "FROZEN"}
)

// CustomWorkspace is the workspace ID of the custom images.
const CustomWorkspace = "20455"

// newImage returns an image with a new ID. Three quarters of the images are official. Repositories, versions, variants
// and creation times are not unique. The tag ends in eight hexadecimal digits that are unique, as in rebuilds of one
// variant.
func newImage(c *Churn[paisandbox.Image], serial int) paisandbox.Image {
	version := fmt.Sprintf("1.%d.0", c.random.IntN(8))
	uri := fmt.Sprintf("dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/%s:%s%s-%08x",
		c.randomWord(repositories), version, c.randomWord(variants), serial)
	labels := []paisandbox.Label{
		paisandbox.L("system.chipType", c.randomWord(chips)),
		paisandbox.L("system.framework."+c.randomWord(frameworks), version),
		paisandbox.L("system.supported."+c.randomWord(services), "true"),
	}
	if c.random.IntN(4) == 0 {
		return paisandbox.Custom(CustomWorkspace, uri, labels...)
	}
	return paisandbox.Official(uri, labels...)
}

// newWorkspace returns a workspace with a new ID.
func newWorkspace(c *Churn[paisandbox.Workspace], serial int) paisandbox.Workspace {
	w := paisandbox.NewWorkspace(fmt.Sprint(1000+serial), "")
	w.Status = paisandbox.Value(c.randomWord(statuses))
	return w
}
