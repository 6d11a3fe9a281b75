package provider

import (
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// Upper limits of arguments, so that a typing error doesn't cause a very large number of requests.
const (
	maxRetries     = 100
	maxConcurrency = 1000
)

func providerSchema() schema.Schema {
	attributes := signInAttributes()
	maps.Copy(attributes, requestAttributes())
	return schema.Schema{
		MarkdownDescription: "The `pai` provider looks up container images of Alibaba Cloud Platform for AI (PAI). " +
			"It only reads. Every argument is optional, and most can be set in the environment.",
		Attributes: attributes,
		Blocks:     signInBlocks(),
	}
}

// requestAttributes returns the arguments that configure the endpoint and the requests.
func requestAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"region": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Default region of data sources, such as `cn-hangzhou`. Each region has its own images and " +
				"image URIs. If omitted, the provider uses the region of the profile that it signs in with. A data source " +
				"without a region is an error, unless `endpoint` is set and has no `{region}`." +
				describeVariables(environment["region"]) + ".",
			Validators: []validator.String{regionValidator()},
		},
		"endpoint": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Host or URL of the API, such as `aiworkspace.cn-hangzhou.aliyuncs.com` or " +
				"`https://proxy.example.com:8443`. It replaces the endpoint of the region. In a value such as " +
				"`aiworkspace.{region}.example.com`, the provider replaces `{region}` with the region. Use `http://` only for " +
				"loopback addresses, including `*.localhost`." +
				describeVariables(environment["endpoint"]) + ".",
			Validators: []validator.String{endpointValidator()},
		},
		"network": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Network of the region's endpoints: `public` (default), or `vpc` for endpoints that are " +
				"reachable only from a VPC of the region. Has no effect if `endpoint` is set. If omitted, the provider " +
				"uses the `endpoint_type` of the profile that it signs in with." +
				describeVariables(environment["network"]) + ". The values `true` and `vpc` set `vpc`.",
			Validators: []validator.String{networkValidator()},
		},
		"max_retries": schema.Int64Attribute{
			Optional: true,
			MarkdownDescription: fmt.Sprintf("Maximum number of retries of a request that fails for a temporary reason, such "+
				"as an overloaded service or a broken connection. 0 to %d, default `%d`. Retries after throttling don't count: "+
				"they continue until `timeouts.read` of the data source. If the provider can't connect, it makes at most three "+
				"attempts. `0` turns off all retries.",
				maxRetries, paiclient.DefaultMaxRetries),
			Validators: []validator.Int64{int64validator.Between(0, maxRetries)},
		},
		"request_timeout": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: fmt.Sprintf("Time limit of one attempt, as a Go duration such as `10s` or `1m30s`. "+
				"Default `%s`. Connecting takes at most 5 seconds of it. The data source's `timeouts` limit the whole "+
				"lookup.", paiclient.DefaultRequestTimeout),
			Validators: []validator.String{durationValidator()},
		},
		"max_concurrency": schema.Int64Attribute{
			Optional: true,
			MarkdownDescription: fmt.Sprintf("Maximum number of concurrent requests of all data sources together. "+
				"1 to %d, default `%d`.", maxConcurrency, paiclient.DefaultMaxConcurrency),
			Validators: []validator.Int64{int64validator.Between(1, maxConcurrency)},
		},
	}
}

// describeFallbacks returns the part of the description that states the default and the environment variables of an
// argument for credentials.
func describeFallbacks(argument string) string {
	var b strings.Builder
	if value := signin.Default(argument); value != "" {
		b.WriteString(" Default `" + value + "`.")
	}
	if names := signin.Variables(argument); len(names) > 0 {
		b.WriteString(describeVariables(names) + ".")
	}
	return b.String()
}

func describeVariables(names []string) string {
	return " Environment: `" + strings.Join(names, "`, `") + "`"
}
