package provider

import (
	"context"
	"errors"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// signInModel is the part of the provider block that says who signs in.
type signInModel struct {
	AccessKey             types.String `tfsdk:"access_key"`
	SecretKey             types.String `tfsdk:"secret_key"`
	SecurityToken         types.String `tfsdk:"security_token"`
	Profile               types.String `tfsdk:"profile"`
	SharedCredentialsFile types.String `tfsdk:"shared_credentials_file"`
	CredentialsURI        types.String `tfsdk:"credentials_uri"`
	ECSRoleName           types.String `tfsdk:"ecs_role_name"`
	STSEndpoint           types.String `tfsdk:"sts_endpoint"`
	AssumeRole            types.Object `tfsdk:"assume_role"`
	AssumeRoleWithOIDC    types.Object `tfsdk:"assume_role_with_oidc"`
}

type assumeRoleModel struct {
	RoleARN           types.String `tfsdk:"role_arn"`
	SessionName       types.String `tfsdk:"session_name"`
	Policy            types.String `tfsdk:"policy"`
	SessionExpiration types.Int64  `tfsdk:"session_expiration"`
	ExternalID        types.String `tfsdk:"external_id"`
}

type assumeRoleWithOIDCModel struct {
	OIDCProviderARN   types.String `tfsdk:"oidc_provider_arn"`
	RoleARN           types.String `tfsdk:"role_arn"`
	OIDCToken         types.String `tfsdk:"oidc_token"`
	OIDCTokenFile     types.String `tfsdk:"oidc_token_file"`
	RoleSessionName   types.String `tfsdk:"role_session_name"`
	SessionExpiration types.Int64  `tfsdk:"session_expiration"`
	Policy            types.String `tfsdk:"policy"`
}

// signIn finds what signs in, by the block and what surrounds it. Nothing is sent.
func (m *signInModel) signIn(ctx context.Context, region, network string, diags *diag.Diagnostics) *signin.Found {
	configuration := m.configuration(ctx, diags)
	configuration.Region, configuration.Network = region, network
	if diags.HasError() {
		return nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		home = "" // no files to look at, which is said where nothing is found
	}
	found, err := signin.Find(configuration, signin.Env{Getenv: os.Getenv, Home: home})
	if err != nil {
		at := "access_key"
		var argument *signin.ArgumentError
		if errors.As(err, &argument) {
			at = argument.Argument
		}
		diags.AddAttributeError(argumentPath(at), "No credentials", "The provider can't sign in: "+err.Error()+".")
		return nil
	}
	return found
}

// configuration is what the block says, without the blanks and line ends that a file or a CI's secret leaves.
func (m *signInModel) configuration(ctx context.Context, diags *diag.Diagnostics) signin.Configuration {
	configuration := signin.Configuration{
		AccessKey: trimmed(m.AccessKey), SecretKey: trimmed(m.SecretKey), SecurityToken: trimmed(m.SecurityToken),
		Profile: trimmed(m.Profile), SharedCredentialsFile: trimmed(m.SharedCredentialsFile),
		CredentialsURI: trimmed(m.CredentialsURI), ECSRoleName: trimmed(m.ECSRoleName), STSEndpoint: trimmed(m.STSEndpoint),
	}
	if !m.AssumeRole.IsNull() {
		var block assumeRoleModel
		diags.Append(m.AssumeRole.As(ctx, &block, basetypes.ObjectAsOptions{})...)
		configuration.AssumeRole = &signin.AssumeRole{
			SessionName: trimmed(block.SessionName), Policy: trimmed(block.Policy), ExternalID: trimmed(block.ExternalID),
			SessionExpiration: int(block.SessionExpiration.ValueInt64()),
		}
		if !block.RoleARN.IsNull() {
			role := trimmed(block.RoleARN)
			configuration.AssumeRole.RoleARN = &role
		}
	}
	if !m.AssumeRoleWithOIDC.IsNull() {
		var block assumeRoleWithOIDCModel
		diags.Append(m.AssumeRoleWithOIDC.As(ctx, &block, basetypes.ObjectAsOptions{})...)
		configuration.OIDC = &signin.OIDC{
			ProviderARN: trimmed(block.OIDCProviderARN), RoleARN: trimmed(block.RoleARN),
			Token: trimmed(block.OIDCToken), TokenFile: trimmed(block.OIDCTokenFile),
			RoleSessionName: trimmed(block.RoleSessionName), Policy: trimmed(block.Policy),
			SessionExpiration: int(block.SessionExpiration.ValueInt64()),
		}
	}
	return configuration
}

func trimmed(text types.String) string { return strings.TrimSpace(text.ValueString()) }

// argumentPath is where `assume_role.role_arn` stands.
func argumentPath(argument string) path.Path {
	first, members, _ := strings.Cut(argument, ".")
	at := path.Root(first)
	for member := range strings.SplitSeq(members, ".") {
		if member != "" {
			at = at.AtName(member)
		}
	}
	return at
}
