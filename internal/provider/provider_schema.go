package provider

import (
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/validate"
	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// providerSchema says what the provider block takes. What can come from the environment is in the table environment.
func providerSchema() schema.Schema {
	attributes := signInAttributes()
	maps.Copy(attributes, requestAttributes())
	return schema.Schema{
		MarkdownDescription: "The `pai` provider looks up the container images of Alibaba Cloud's Platform for AI (PAI). " +
			"It only reads. Every argument is optional; most can come from the environment.",
		Attributes: attributes,
		Blocks:     signInBlocks(),
	}
}

// requestAttributes are the arguments that say where requests go, and how.
func requestAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"region": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Region whose images are looked up, such as `cn-hangzhou`. Another region has other images, " +
				"under other URIs. Required unless `endpoint` is set, or the profile that signs in names one." + fromEnvironment("region"),
			Validators: []validator.String{regionValidator()},
		},
		"endpoint": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Host or URL of the API, in place of the region's own: `aiworkspace.cn-hangzhou.aliyuncs.com`, " +
				"`https://proxy.example.com:8443`. Plain `http://` is for loopback addresses only." + fromEnvironment("endpoint"),
			Validators: []validator.String{endpointValidator()},
		},
		"network": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Which of the region's endpoints is called: `public` (the default), or `vpc`, which only " +
				"machines inside a VPC of the region reach. Has no effect on an `endpoint`." + fromEnvironment("network"),
			Validators: []validator.String{stringvalidator.OneOf(paiclient.NetworkPublic, paiclient.NetworkVPC)},
		},
		"max_retries": schema.Int64Attribute{
			Optional: true,
			MarkdownDescription: fmt.Sprintf("How many attempts follow a first one that failed for a passing reason: throttling, "+
				"an overloaded service, a broken connection. 0 to %d, default `%d`; `0` turns retries off.",
				maxRetries, paiclient.DefaultMaxRetries),
			Validators: []validator.Int64{int64validator.Between(0, maxRetries)},
		},
		"request_timeout": schema.StringAttribute{
			Optional:   true,
			CustomType: timetypes.GoDurationType{},
			MarkdownDescription: fmt.Sprintf("How long one attempt may take, as a Go duration such as `10s` or `1m30s`. "+
				"Default `%s`. The whole lookup is bounded by the data source's `timeouts`.", paiclient.DefaultRequestTimeout),
			Validators: []validator.String{validate.PositiveDuration()},
		},
		"max_concurrency": schema.Int64Attribute{
			Optional: true,
			MarkdownDescription: fmt.Sprintf("How many requests are under way at once, of all data sources of this provider "+
				"together. 1 to %d, default `%d`.", maxConcurrency, paiclient.DefaultMaxConcurrency),
			Validators: []validator.Int64{int64validator.Between(1, maxConcurrency)},
		},
	}
}

// Bounds that keep a slip of the keyboard from becoming a storm; nobody needs more.
const (
	maxRetries     = 100
	maxConcurrency = 1000
)

// fromTable says what stands in for an argument of signing in: its default, and the environment.
func fromTable(argument string) string {
	sentence := ""
	if value := signin.Default(argument); value != "" {
		sentence = " Default `" + value + "`."
	}
	if names := signin.Variables(argument); len(names) > 0 {
		sentence += variables(names) + "."
	}
	return sentence
}

// fromEnvironment is the sentence that says which environment variables stand in for an argument.
func fromEnvironment(argument string) string {
	sentence := variables(environment[argument])
	if argument == "network" {
		sentence += " (`true`: `vpc`)"
	}
	return sentence + "."
}

func variables(names []string) string {
	return " Environment: `" + strings.Join(names, "`, `") + "`"
}
