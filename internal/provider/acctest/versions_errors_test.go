package acctest

// anyVariant is the last suggestion for several variants.
const anyVariant = "most_recent = true"

// versionErrorCases are lookups that fail.
var versionErrorCases = []versionCase{
	{
		name:    "release and month",
		images:  []string{"pytorch-training:2.4.0-gpu", "pytorch-training:2.3.0-gpu", "pytorch-training:23.12-gpu"},
		summary: "Versions of two numbering schemes", choices: []choice{
			{arguments: `version = "< 17"`, want: "pytorch-training:2.4.0-gpu"},
			{arguments: `version = ">= 17"`, want: "pytorch-training:23.12-gpu"},
		},
		facts: []string{"plain 2.4.0 pytorch-training:2.4.0-gpu", "calendar 23.12 pytorch-training:23.12-gpu"},
	},
	{
		name: "release and month with version", arguments: `version = ">= 2, != 2.4.0"`,
		images:  []string{"training:1.9.0", "training:2.4.0", "training:2.3.0", "training:26.07.20", "training:26.06.01"},
		summary: "Versions of two numbering schemes", choices: []choice{
			{arguments: `version = ">= 2, != 2.4.0, < 17"`, want: "training:2.3.0"},
			{arguments: `version = ">= 2, != 2.4.0, >= 17"`, want: "training:26.07.20"},
		},
	},
	{
		name:   "release and month without a limit",
		images: []string{"tool:18.1.0", "tool:23.12"}, summary: "Versions of two numbering schemes",
		facts: []string{"plain 18.1.0", "calendar 23.12", "`name_regex`", "`exclude_name_regex`"},
	},

	{
		name: "framework alone", arguments: `framework = "PyTorch"`,
		images: []string{
			"pytorch:2.8.0-gpu-py312 system.framework.PyTorch=2.8.0", "pytorch:2.9.1-gpu-py312 system.framework.PyTorch=2.9.1",
			"training:26.07.20-pytorch2.11-python3.12 system.framework.PyTorch=2.11",
		},
		summary: "Versions of several repositories", choices: []choice{
			{arguments: `repository = "pytorch"`, want: "pytorch:2.9.1-gpu-py312"},
			{arguments: `repository = "training"`, want: "training:26.07.20-pytorch2.11-python3.12"},
		},
		facts: []string{
			"2 repositories", "pytorch 2 2.9.1 pytorch:2.9.1-gpu-py312",
			"training 1 2.11 training:26.07.20-pytorch2.11-python3.12",
		},
	},
	{
		name: "several repositories and variants", images: []string{"webui:0.2.0", "webui:0.2.0-ui", "tool:1.0"},
		summary: "Versions of several repositories", choices: []choice{
			{arguments: `repository = "webui"`, want: "webui:0.2.0"},
			{arguments: `repository = "tool"`, want: "tool:1.0"},
		},
		facts: []string{"webui 2 0.2.0 webui:0.2.0 tool 1 1.0 tool:1.0"},
	},
	{
		name: "another registry", arguments: `repository = "x"`,
		images: []string{
			"r-vpc.cn-hangzhou.cr.aliyuncs.com/pai/x:1.0", "r.cn-shanghai.cr.aliyuncs.com/pai/x:1.1", "ghcr.io/pai/x:1.2",
			"ghcr.io/team/x:1.3",
		},
		summary: "Versions of several repositories", choices: []choice{
			{arguments: `repository = "r.cn-shanghai.cr.aliyuncs.com/pai/x"`, want: "r.cn-shanghai.cr.aliyuncs.com/pai/x:1.1"},
			{arguments: `repository = "ghcr.io/pai/x"`, want: "ghcr.io/pai/x:1.2"},
			{arguments: `repository = "team/x"`, want: "ghcr.io/team/x:1.3"},
		},
		facts: []string{"3 repositories", "r.cn-shanghai.cr.aliyuncs.com/pai/x 2 1.1 x:1.1"},
	},

	{
		name: "variants of several chips",
		images: []string{
			"pytorch:2.9.1-ppu system.chipType=PPU", "pytorch:2.9.1-cpu-rebuilt system.chipType=CPU",
			"pytorch:2.9.1-gpu-py311 system.chipType=GPU", "pytorch:2.9.1-gpu-py312 system.chipType=GPU",
		},
		summary: "Several variants of the highest version", choices: []choice{
			{arguments: `chip_type = "CPU"`, want: "pytorch:2.9.1-cpu-rebuilt"},
			{arguments: `chip_type = "GPU", name_regex = "-py311$"`, want: "pytorch:2.9.1-gpu-py311"},
			{arguments: `chip_type = "GPU", name_regex = "-py312$"`, want: "pytorch:2.9.1-gpu-py312"},
			{arguments: `chip_type = "PPU"`, want: "pytorch:2.9.1-ppu"},
			{arguments: anyVariant, want: "pytorch:2.9.1-gpu-py312"},
		},
		facts: []string{"2.9.1, has 4 variants", "cpu-rebuilt 1 pytorch:2.9.1-cpu-rebuilt", "exclude_name_regex"},
	},
	{
		name: "variants of one chip",
		images: []string{
			"pytorch:2.9.1-gpu-py311-cu128-1ad2c201-1766041822", "pytorch:2.9.1-gpu-py311-cu128-2bd7206b-1767940418",
			"pytorch:2.9.1-gpu-py311-cu130-3ce8915a-1767940893", "pytorch:2.9.1-gpu-py312-cu130-4de51bd8-1767942001",
			"pytorch:2.9.0-gpu-py313-cu130-5ed7206b-1769100000",
		},
		summary: "Several variants of the highest version", choices: []choice{
			{arguments: `name_regex = "-cu128-"`, want: "pytorch:2.9.1-gpu-py311-cu128-2bd7206b-1767940418"},
			{arguments: `name_regex = "-py311-cu130-"`, want: "pytorch:2.9.1-gpu-py311-cu130-3ce8915a-1767940893"},
			{arguments: `name_regex = "-py312-"`, want: "pytorch:2.9.1-gpu-py312-cu130-4de51bd8-1767942001"},
			{arguments: anyVariant, want: "pytorch:2.9.1-gpu-py312-cu130-4de51bd8-1767942001"},
		},
		facts: []string{"3 variants", "gpu-py311-cu128 2 pytorch:2.9.1-gpu-py311-cu128-2bd7206b-1767940418"},
	},
	{
		name: "variants with name_regex", arguments: `name_regex = "-ui|-api"`,
		images:  []string{"webui:0.2.0-ui", "webui:0.2.0-api", "webui:0.2.0-nginx", "webui:0.2.0-ui-api"},
		summary: "Several variants of the highest version", choices: []choice{
			{arguments: `exclude_name_regex = "-ui$|-ui-"`, want: "webui:0.2.0-api"},
			{arguments: `exclude_name_regex = "-api$"`, want: "webui:0.2.0-ui"},
			{arguments: anyVariant, want: "webui:0.2.0-ui-api"},
		},
	},
	{
		name: "variants with a framework", arguments: `framework = "PyTorch"`,
		images: []string{
			"pytorch:25.08-gpu system.framework.PyTorch=2.9.0", "pytorch:25.09-gpu system.framework.PyTorch=2.9.0",
			"pytorch:2.9.0.gpu system.framework.PyTorch=2.9.0",
		},
		summary: "Several variants of the highest version", choices: []choice{
			{arguments: `name_regex = ":25\\.08-"`, want: "pytorch:25.08-gpu"},
			{arguments: `name_regex = ":25\\.09-"`, want: "pytorch:25.09-gpu"},
			{arguments: `name_regex = "\\.gpu$"`, want: "pytorch:2.9.0.gpu"},
			{arguments: anyVariant, want: "pytorch:2.9.0.gpu"},
		},
	},
	{
		name: "variants without a release", images: []string{"webui:0.2.0-ui", "webui:0.2.0-nginx"},
		summary: "Several variants of the highest version", choices: []choice{
			{arguments: `name_regex = "-nginx$"`, want: "webui:0.2.0-nginx"},
			{arguments: `name_regex = "-ui$"`, want: "webui:0.2.0-ui"},
			{arguments: anyVariant, want: "webui:0.2.0-nginx"},
		},
	},

	onlyPreReleases("2.9.0-rc1", "2.9.0rc19-gpu", ">= 2.9.0-rc19"),
	onlyPreReleases("2.9.0.dev20260101", "2.9.0_beta1", ">= 2.9.0-beta1"),
	onlyPreReleases("2.8.0rc1", "2.9.0-SNAPSHOT", ">= 2.9.0-SNAPSHOT"),
	onlyPreReleases("2.9.0-nightly", "2.9.0-ea.1", ">= 2.9.0-ea.1"),
	onlyPreReleases("25.04a-cuda12.8", "25.04rc2", ">= 25.04-rc2"),
	{
		name: "only pre-releases in labels", arguments: `framework = "PyTorch"`,
		images:  []string{"pytorch:25.10-gpu system.framework.PyTorch=2.9.0a0+50eac811"},
		summary: "Only pre-releases match", facts: []string{"2.9.0-a0", "pytorch:25.10-gpu"},
		choices: []choice{{arguments: `version = ">= 2.9.0-a0"`, want: "pytorch:25.10-gpu"}},
	},

	{
		name: "no version", images: []string{"tool:7c9e2d1", "tool:20240115-gpu", "tool:deeprec2212-gpu"},
		summary: "No matching image has a version", facts: []string{"3 images match"},
		choices: []choice{{arguments: "most_recent = true", want: "tool:deeprec2212-gpu", instead: true}},
	},
	// Each of these cases has a first number of its own. So the constraint alone excludes every image.
	{
		name: "version without its patch", arguments: `version = "7.9"`, images: []string{"tool:7.9.1", "tool:7.10.0"},
		summary: "No image matches", line: `version = "7.9"`, facts: []string{"only the version 7.9.0"},
		choices: []choice{{arguments: `version = "~> 7.9.0"`, want: "tool:7.9.1"}},
	},
	{
		name: "version below a pre-release", arguments: `version = "~> 8.8"`,
		images:  []string{"tool:8.7.0", "tool:8.9.0-rc1"},
		summary: "No image matches", line: `version = "~> 8.8"`,
		choices: []choice{{arguments: `version = "~> 8.8, >= 8.9.0-rc1"`, want: "tool:8.9.0-rc1"}},
	},
	{
		name: "version above a pre-release", arguments: `version = "~> 9.9"`,
		images:  []string{"tool:9.8.0", "tool:9.9.0-rc1"},
		summary: "No image matches", line: `version = "~> 9.9"`,
		choices: []choice{{arguments: `version = ">= 9.9.0-rc1"`, want: "tool:9.9.0-rc1"}},
	},
	{
		name: "version above a pre-release and below a release", arguments: `version = "~> 10.9"`,
		images:  []string{"tool:10.8.0", "tool:10.9.0-rc1", "tool:11.0.0"},
		summary: "No image matches", line: `version = "~> 10.9"`,
		choices: []choice{{arguments: `version = "10.9.0-rc1"`, want: "tool:10.9.0-rc1"}},
	},
}

// onlyPreReleases returns a case in which two pre-releases match, and the error suggests the version constraint, which
// selects the image with the second tag.
func onlyPreReleases(lower, higher, version string) versionCase {
	return versionCase{
		name: "only pre-releases " + higher, images: []string{"pytorch:" + higher, "pytorch:" + lower},
		summary: "Only pre-releases match", facts: []string{version[len(">= "):], "pytorch:" + higher},
		choices: []choice{{arguments: `version = "` + version + `"`, want: "pytorch:" + higher}},
	}
}
