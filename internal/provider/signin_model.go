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

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// signInModel holds the arguments of the provider block that select credentials.
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

// newAccount finds the credentials that the configuration or the environment selects. It sends no requests. All errors
// are about the provider block or the environment, so they have no path in the data source that needs the credentials.
func newAccount(configuration signin.Configuration, options paiclient.Options) (*account, diag.Diagnostics) {
	var diags diag.Diagnostics
	credentials, err := signin.Find(configuration, signin.Env{Getenv: os.Getenv, Home: signin.HomeDir()})
	if err != nil {
		argument, summary, detail := explainSignInError(err)
		if argument != "" {
			detail += "\n\nThis is about `" + argument + "` in the provider block."
		}
		diags.AddError(summary, detail)
		return nil, diags
	}
	options.Credentials = credentials.Credentials
	service, err := paiclient.NewService(options)
	if err != nil {
		diags.AddError("Invalid provider configuration", "Cannot create the client: "+err.Error()+".")
		return nil, diags
	}
	return &account{service, credentials}, diags
}

// explainSignInError returns the parts of a diagnostic for an error of package signin. argument is the name of the
// argument that the error is about, or "".
func explainSignInError(err error) (argument, summary, detail string) {
	summary = "Cannot find credentials"
	if argumentErr, ok := errors.AsType[*signin.ArgumentError](err); ok {
		argument = argumentErr.Argument
		switch argumentErr.Problem {
		case signin.ProblemMissing:
			summary = "Missing argument"
		case signin.ProblemConflict:
			summary = "Conflicting arguments"
		}
	}
	return argument, summary, lookup.ErrorDetail(err)
}

// configuration returns the arguments of the block, without whitespace at their start and end. Files and secrets of CI
// services often end with a newline.
func (m *signInModel) configuration(ctx context.Context, diags *diag.Diagnostics) signin.Configuration {
	configuration := signin.Configuration{
		AccessKey:             trimmedString(m.AccessKey),
		SecretKey:             trimmedString(m.SecretKey),
		SecurityToken:         trimmedString(m.SecurityToken),
		Profile:               trimmedString(m.Profile),
		SharedCredentialsFile: trimmedString(m.SharedCredentialsFile),
		CredentialsURI:        trimmedString(m.CredentialsURI),
		ECSRoleName:           trimmedString(m.ECSRoleName),
		STSEndpoint:           trimmedString(m.STSEndpoint),
	}
	if !m.AssumeRole.IsNull() {
		var block assumeRoleModel
		diags.Append(m.AssumeRole.As(ctx, &block, basetypes.ObjectAsOptions{})...)
		configuration.AssumeRole = &signin.AssumeRole{
			SessionName:       trimmedString(block.SessionName),
			Policy:            trimmedString(block.Policy),
			SessionExpiration: int(block.SessionExpiration.ValueInt64()),
			ExternalID:        trimmedString(block.ExternalID),
		}
		if !block.RoleARN.IsNull() {
			role := trimmedString(block.RoleARN)
			configuration.AssumeRole.RoleARN = &role
		}
	}
	if !m.AssumeRoleWithOIDC.IsNull() {
		var block assumeRoleWithOIDCModel
		diags.Append(m.AssumeRoleWithOIDC.As(ctx, &block, basetypes.ObjectAsOptions{})...)
		configuration.OIDC = &signin.OIDC{
			ProviderARN:       trimmedString(block.OIDCProviderARN),
			RoleARN:           trimmedString(block.RoleARN),
			Token:             trimmedString(block.OIDCToken),
			TokenFile:         trimmedString(block.OIDCTokenFile),
			RoleSessionName:   trimmedString(block.RoleSessionName),
			SessionExpiration: int(block.SessionExpiration.ValueInt64()),
			Policy:            trimmedString(block.Policy),
		}
	}
	return configuration
}

func trimmedString(value types.String) string { return strings.TrimSpace(value.ValueString()) }

// argumentPath returns the path of an argument by its name in HCL, such as assume_role.role_arn.
func argumentPath(argument string) path.Path {
	steps := strings.Split(argument, ".")
	result := path.Root(steps[0])
	for _, step := range steps[1:] {
		result = result.AtName(step)
	}
	return result
}
