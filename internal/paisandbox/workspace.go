package paisandbox

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Workspace is a workspace in the JSON format of ListWorkspaces. In GetWorkspace, ResourceGroupId starts with an
// upper-case R.
type Workspace struct {
	WorkspaceID     Field[string]            `json:"WorkspaceId,omitzero"`
	WorkspaceName   Field[string]            `json:"WorkspaceName,omitzero"`
	DisplayName     Field[string]            `json:"DisplayName,omitzero"`
	Description     Field[string]            `json:"Description,omitzero"`
	Status          Field[string]            `json:"Status,omitzero"`
	Creator         Field[string]            `json:"Creator,omitzero"`
	IsDefault       Field[bool]              `json:"IsDefault,omitzero"`
	EnvTypes        Field[[]string]          `json:"EnvTypes,omitzero"`
	AdminNames      Field[[]string]          `json:"AdminNames,omitzero"`
	ExtraInfos      Field[map[string]string] `json:"ExtraInfos,omitzero"`
	ResourceGroupID Field[string]            `json:"resourceGroupId,omitzero"`
	GmtCreateTime   Field[string]            `json:"GmtCreateTime,omitzero"`
	GmtModifiedTime Field[string]            `json:"GmtModifiedTime,omitzero"`
}

// NewWorkspace returns an enabled workspace with every field set. All workspaces have the same creation time; use
// CreatedAt to change it.
func NewWorkspace(id, name string) Workspace {
	return Workspace{
		WorkspaceID:     Value(id),
		WorkspaceName:   Value(name),
		DisplayName:     Value(name),
		Description:     Value("Workspace " + name),
		Status:          Value("ENABLED"),
		Creator:         Value(workspaceUser),
		IsDefault:       Value(false),
		EnvTypes:        Value([]string{"prod"}),
		AdminNames:      Value([]string{"admin@example.com"}),
		ExtraInfos:      Value(map[string]string{"TenantId": "4286000000000098"}),
		ResourceGroupID: Value("rg-" + pseudoRandomID(workspaceUser)),
	}.CreatedAt(defaultCreation)
}

// Workspaces returns the built-in workspaces, including those of the built-in custom images. Every call returns the
// same workspaces.
func Workspaces() []Workspace {
	display := func(name, status string) func(*Workspace) {
		return func(w *Workspace) { w.DisplayName, w.Status = Value(name), Value(status) }
	}
	day := func(year int, month time.Month, day int) time.Time {
		return time.Date(year, month, day, 9, 30, 0, 0, time.UTC)
	}
	return []Workspace{
		NewWorkspace("10086", "default_workspace").CreatedAt(day(2022, 5, 4)).
			With(func(w *Workspace) { w.IsDefault = Value(true) }),
		NewWorkspace("20455", "risk_and_ranking").CreatedAt(day(2023, 3, 1)).
			With(display("Risk and ranking", "ENABLED"), func(w *Workspace) {
				w.EnvTypes = Value([]string{"dev", "prod"})
				w.AdminNames = Value([]string{"chen@example.com", "lee@example.com"})
			}),
		NewWorkspace("31977", "vision_lab").CreatedAt(day(2023, 1, 9)).With(display("Vision lab", "ENABLED")),
		NewWorkspace("31978", "vision_lab_staging").CreatedAt(day(2024, 6, 18)).
			With(display("Vision lab (staging)", "UPDATING")),
		NewWorkspace("40112", "speech_2023").CreatedAt(day(2023, 8, 21)).With(display("Speech 2023", "DISABLED")),
		NewWorkspace("40345", "partner_demo").CreatedAt(day(2024, 11, 30)).With(display("Partner demo", "FROZEN"),
			func(w *Workspace) { w.ResourceGroupID = Value("rg-" + pseudoRandomID("partner")) }),
		NewWorkspace("51208", "new_project").CreatedAt(day(2026, 2, 3)).
			With(display("", "INITIALIZING"), func(w *Workspace) {
				w.Description, w.AdminNames, w.EnvTypes = Null[string](), Omitted[[]string](), Value([]string{})
				w.ExtraInfos, w.ResourceGroupID = Null[map[string]string](), Omitted[string]()
			}),
	}
}

// NumberedWorkspaces returns n workspaces for tests of paging. Their IDs are unique and not sorted. Every ten
// consecutive workspaces have the same creation time.
func NumberedWorkspaces(n int) []Workspace {
	first := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	workspaces := make([]Workspace, 0, n)
	for k := range n {
		id := fmt.Sprint(10_000_000 + hashBelow(fmt.Sprint("workspace ", k), 1_000_000)*10 + int64(k%10))
		workspaces = append(workspaces,
			NewWorkspace(id, fmt.Sprintf("numbered_%d", k)).CreatedAt(first.Add(time.Duration(k/10)*time.Hour)))
	}
	return workspaces
}

// With returns a copy of the workspace with the changes applied.
func (w Workspace) With(changes ...func(*Workspace)) Workspace {
	w = w.clone()
	for _, change := range changes {
		change(&w)
	}
	return w
}

// CreatedAt returns a copy of the workspace with t as its creation and modification times.
func (w Workspace) CreatedAt(t time.Time) Workspace {
	return w.With(func(w *Workspace) {
		w.GmtCreateTime = Value(t.UTC().Format(timeFormat))
		w.GmtModifiedTime = w.GmtCreateTime
	})
}

func (w Workspace) clone() Workspace {
	if types, ok := w.EnvTypes.Get(); ok {
		w.EnvTypes = Value(slices.Clone(types))
	}
	if names, ok := w.AdminNames.Get(); ok {
		w.AdminNames = Value(slices.Clone(names))
	}
	if infos, ok := w.ExtraInfos.Get(); ok {
		w.ExtraInfos = Value(maps.Clone(infos))
	}
	return w
}
