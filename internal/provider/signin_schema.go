package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"terraform.local/pai/terraform-provider-pai/internal/provider/validate"
)

// Bounds of a session's length, in seconds. Source: the reference of STS; a role may allow less than the upper one.
const (
	shortestSession = 900
	longestSession  = 43200
)

// signInAttributes are the arguments that name a way to sign in, and the host that roles are assumed at.
func signInAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"access_key": schema.StringAttribute{
			Optional:  true,
			Sensitive: true,
			MarkdownDescription: "AccessKey id, together with `secret_key`. Where they are set, the environment supplies no " +
				"part of the credentials." + fromTable("access_key"),
			Validators: []validator.String{validate.NotEmpty(), credentialValidator(), stringvalidator.AlsoRequires(path.MatchRoot("secret_key"))},
		},
		"secret_key": schema.StringAttribute{
			Optional:            true,
			Sensitive:           true,
			MarkdownDescription: "AccessKey secret, together with `access_key`." + fromTable("secret_key"),
			Validators:          []validator.String{validate.NotEmpty(), credentialValidator(), stringvalidator.AlsoRequires(path.MatchRoot("access_key"))},
		},
		"security_token": schema.StringAttribute{
			Optional:  true,
			Sensitive: true,
			MarkdownDescription: "Security token of an STS session, with the session's `access_key` and `secret_key`." +
				fromTable("security_token"),
			Validators: []validator.String{
				validate.NotEmpty(), credentialValidator(),
				stringvalidator.AlsoRequires(path.MatchRoot("access_key"), path.MatchRoot("secret_key")),
			},
		},
		"profile": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Profile of the Alibaba Cloud CLI, by its name in `~/.aliyun/config.json` or `shared_credentials_file`; of any " +
				"mode. `region` falls back to the profile's." + fromTable("profile"),
			Validators: []validator.String{validate.NotEmpty()},
		},
		"shared_credentials_file": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "File that holds the profile: the CLI's `config.json`, or an INI file as the SDKs read. Without `profile`, its " +
				"current profile, or the section `default`." + fromTable("shared_credentials_file"),
			Validators: []validator.String{validate.NotEmpty()},
		},
		"credentials_uri": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "URL of a sidecar that hands out sessions, as JSON with `AccessKeyId`, `AccessKeySecret`, `SecurityToken` " +
				"and `Expiration`." + fromTable("credentials_uri"),
			Validators: []validator.String{validate.NotEmpty(), webAddressValidator()},
		},
		"ecs_role_name": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "RAM role of the ECS instance that Terraform runs on, whose sessions the instance's metadata hands out." +
				fromTable("ecs_role_name"),
			Validators: []validator.String{validate.NotEmpty()},
		},
		"sts_endpoint": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Host of STS, where roles are assumed. Default: that of the region and `network`, such as " +
				"`sts.cn-hangzhou.aliyuncs.com`." + fromTable("sts_endpoint"),
			Validators: []validator.String{validate.NotEmpty(), hostValidator()},
		},
	}
}

// signInBlocks are the two ways in which a role is assumed.
func signInBlocks() map[string]schema.Block {
	return map[string]schema.Block{
		"assume_role": schema.SingleNestedBlock{
			MarkdownDescription: "A RAM role to assume, with whatever signs in. Its session then signs the requests.",
			Attributes: map[string]schema.Attribute{
				"role_arn": schema.StringAttribute{
					Optional: true,
					MarkdownDescription: "ARN of the role, such as `acs:ram::1234567890123456:role/terraform`. An empty text assumes no role, the " +
						"environment's neither. Where the environment signs in, it may supply the role, too." + fromTable("assume_role.role_arn"),
					Validators: []validator.String{roleValidator(true)},
				},
				"session_name": schema.StringAttribute{
					Optional: true,
					MarkdownDescription: "Name of the session, as audit logs show it." +
						fromTable("assume_role.session_name"),
					Validators: []validator.String{sessionNameValidator()},
				},
				"policy":             policyAttribute(),
				"session_expiration": sessionExpirationAttribute("assume_role"),
				"external_id": schema.StringAttribute{
					Optional:            true,
					MarkdownDescription: "External id, where the role's trust policy asks for one.",
					Validators:          []validator.String{validate.NotEmpty()},
				},
			},
		},
		"assume_role_with_oidc": schema.SingleNestedBlock{
			MarkdownDescription: "A RAM role to assume with the OIDC token of a CI service, of Kubernetes or of a hosted Terraform: sign-in without " +
				"keys. Together with `assume_role`, that one is assumed with this one's session.",
			Attributes: map[string]schema.Attribute{
				"oidc_provider_arn": schema.StringAttribute{
					Optional: true,
					MarkdownDescription: "ARN of the OIDC identity provider in RAM, such as " +
						"`acs:ram::1234567890123456:oidc-provider/github`." + fromTable("assume_role_with_oidc.oidc_provider_arn"),
					Validators: []validator.String{oidcProviderValidator()},
				},
				"role_arn": schema.StringAttribute{
					Optional:            true,
					MarkdownDescription: "ARN of the role." + fromTable("assume_role_with_oidc.role_arn"),
					Validators:          []validator.String{roleValidator(false)},
				},
				"oidc_token": schema.StringAttribute{
					Optional:            true,
					Sensitive:           true,
					MarkdownDescription: "The token itself. Either this or `oidc_token_file`." + fromTable("assume_role_with_oidc.oidc_token"),
					Validators:          []validator.String{validate.NotEmpty(), credentialValidator()},
				},
				"oidc_token_file": schema.StringAttribute{
					Optional: true,
					MarkdownDescription: "File that holds the token; read anew whenever a session is fetched, as tokens are replaced in it." +
						fromTable("assume_role_with_oidc.oidc_token_file"),
					Validators: []validator.String{validate.NotEmpty()},
				},
				"role_session_name": schema.StringAttribute{
					Optional: true,
					MarkdownDescription: "Name of the session, as audit logs show it." +
						fromTable("assume_role_with_oidc.role_session_name"),
					Validators: []validator.String{sessionNameValidator()},
				},
				"policy":             policyAttribute(),
				"session_expiration": sessionExpirationAttribute("assume_role_with_oidc"),
			},
		},
	}
}

func policyAttribute() schema.StringAttribute {
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "RAM policy, as JSON, that takes rights away from the session. It can't add any.",
		Validators:          []validator.String{jsonValidator()},
	}
}

func sessionExpirationAttribute(block string) schema.Int64Attribute {
	return schema.Int64Attribute{
		Optional: true,
		MarkdownDescription: fmt.Sprintf("How long the session lasts, in seconds, %d to %d; the role may allow less. It is renewed "+
			"when it ends.", shortestSession, longestSession) + fromTable(block+".session_expiration"),
		Validators: []validator.Int64{int64validator.Between(shortestSession, longestSession)},
	}
}
