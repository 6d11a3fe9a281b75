package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// signInAttributes returns the arguments that select credentials, and the STS endpoint.
func signInAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"access_key": schema.StringAttribute{
			Optional:  true,
			Sensitive: true,
			MarkdownDescription: "AccessKey ID. `access_key` and `secret_key` belong together, but the environment can set " +
				"one of them." + describeFallbacks("access_key"),
			Validators: []validator.String{credentialValidator()},
		},
		"secret_key": schema.StringAttribute{
			Optional:            true,
			Sensitive:           true,
			MarkdownDescription: "AccessKey secret." + describeFallbacks("secret_key"),
			Validators:          []validator.String{credentialValidator()},
		},
		"security_token": schema.StringAttribute{
			Optional:  true,
			Sensitive: true,
			MarkdownDescription: "Security token of a session. The provider uses it only with `secret_key` in the same " +
				"block." + describeFallbacks("security_token"),
			Validators: []validator.String{credentialValidator()},
		},
		"profile": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Name of a profile of the Alibaba Cloud CLI, in `shared_credentials_file` or by default in " +
				"`~/.aliyun/config.json`. The profile also sets the default of `region`." +
				describeFallbacks("profile"),
		},
		"shared_credentials_file": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "File with the profile: a `config.json` of the CLI or an INI file of the SDKs. If " +
				"`profile` is omitted, the provider uses the CLI's current profile or the section `default`." +
				describeFallbacks("shared_credentials_file"),
		},
		"credentials_uri": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "URL of a sidecar. It returns sessions as JSON with `AccessKeyId`, `AccessKeySecret`, " +
				"`SecurityToken` and `Expiration`." + describeFallbacks("credentials_uri"),
			Validators: []validator.String{sidecarValidator()},
		},
		"ecs_role_name": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "RAM role of the ECS instance on which Terraform runs. The provider gets sessions of the " +
				"role from the instance's metadata." + describeFallbacks("ecs_role_name"),
		},
		"sts_endpoint": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Host of STS, where the provider assumes roles. Default: the host for the region and " +
				"`network`, such as `sts.cn-hangzhou.aliyuncs.com`." + describeFallbacks("sts_endpoint"),
			Validators: []validator.String{hostValidator()},
		},
	}
}

// signInBlocks returns the blocks that assume a role.
func signInBlocks() map[string]schema.Block {
	return map[string]schema.Block{
		"assume_role":           assumeRoleBlock(),
		"assume_role_with_oidc": assumeRoleWithOIDCBlock(),
	}
}

func assumeRoleBlock() schema.SingleNestedBlock {
	return schema.SingleNestedBlock{
		MarkdownDescription: "RAM role to assume with the selected credentials. Requests are signed with its session. It " +
			"replaces the role of a `RamRoleArn` profile.",
		Attributes: map[string]schema.Attribute{
			"role_arn": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "ARN of the role, such as `acs:ram::1234567890123456:role/terraform`. If it is \"\", the " +
					"provider ignores the environment and assumes no role, except that of a `RamRoleArn` profile." +
					describeFallbacks("assume_role.role_arn"),
				Validators: []validator.String{roleValidator()},
			},
			"session_name": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Name of the session, which is shown in audit logs." +
					describeFallbacks("assume_role.session_name"),
				Validators: []validator.String{sessionNameValidator()},
			},
			"policy":             policyAttribute(),
			"session_expiration": sessionExpirationAttribute("assume_role"),
			"external_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "External ID, if the trust policy of the role requires one.",
			},
		},
	}
}

func assumeRoleWithOIDCBlock() schema.SingleNestedBlock {
	return schema.SingleNestedBlock{
		MarkdownDescription: "RAM role to assume with an OIDC token of a CI service, Kubernetes or hosted Terraform. " +
			"You need no AccessKey. If `assume_role` is also set, the provider assumes that role with the session of this one.",
		Attributes: map[string]schema.Attribute{
			"oidc_provider_arn": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "ARN of the OIDC identity provider in RAM, such as " +
					"`acs:ram::1234567890123456:oidc-provider/github`." +
					describeFallbacks("assume_role_with_oidc.oidc_provider_arn"),
				Validators: []validator.String{oidcProviderValidator()},
			},
			"role_arn": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "ARN of the role." + describeFallbacks("assume_role_with_oidc.role_arn"),
				Validators:          []validator.String{roleValidator()},
			},
			"oidc_token": schema.StringAttribute{
				Optional:  true,
				Sensitive: true,
				MarkdownDescription: "OIDC token. Conflicts with `oidc_token_file`." +
					describeFallbacks("assume_role_with_oidc.oidc_token"),
				Validators: []validator.String{credentialValidator()},
			},
			"oidc_token_file": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "File with the OIDC token. The provider reads it again for each session, because the " +
					"token in it can change." + describeFallbacks("assume_role_with_oidc.oidc_token_file"),
			},
			"role_session_name": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Name of the session, which is shown in audit logs." +
					describeFallbacks("assume_role_with_oidc.role_session_name"),
				Validators: []validator.String{sessionNameValidator()},
			},
			"policy":             policyAttribute(),
			"session_expiration": sessionExpirationAttribute("assume_role_with_oidc"),
		},
	}
}

func policyAttribute() schema.StringAttribute {
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "RAM policy, as JSON, that restricts the permissions of the session.",
		Validators:          []validator.String{jsonObjectValidator()},
	}
}

func sessionExpirationAttribute(block string) schema.Int64Attribute {
	return schema.Int64Attribute{
		Optional: true,
		MarkdownDescription: fmt.Sprintf("Duration of the session in seconds, %d to %d. The role can have a lower "+
			"maximum. The provider renews the session before it expires.", signin.MinSessionSeconds, signin.MaxSessionSeconds) +
			describeFallbacks(block+".session_expiration"),
		Validators: []validator.Int64{int64validator.Between(signin.MinSessionSeconds, signin.MaxSessionSeconds)},
	}
}
