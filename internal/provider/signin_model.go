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
	credentials, err := signin.Find(configuration, processEnv())
	if err != nil {
		argument, summary, detail := explainSignInError(err)
		if argument != "" {
			detail += "\n\nCheck `" + argument + "` in the provider block."
		}
		diags.AddError(summary, detail)
		return nil, diags
	}
	addWarnings(&diags, credentials.Warnings)
	options.Credentials = credentials.Credentials
	service, err := paiclient.NewService(options)
	if err != nil {
		diags.AddError("Invalid provider configuration", "Cannot create the client: "+err.Error()+".")
		return nil, diags
	}
	return &account{service: service, credentials: credentials}, diags
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

// processEnv returns the environment of the process.
func processEnv() signin.Env {
	return signin.Env{Getenv: os.Getenv, Home: signin.HomeDir()}
}

// addWarnings adds warnings of package signin. They are about the provider block or the environment, so they have no
// path in the data source that needs the credentials.
func addWarnings(diags *diag.Diagnostics, warnings []signin.Warning) {
	for _, warning := range warnings {
		summary := warning.Summary
		diags.AddWarning(summary, warning.Detail)
	}
}

// configuration returns the arguments of the block, without whitespace at their start and end. Files and secrets of CI
// services often end with a newline.
func (m *signInModel) configuration(ctx context.Context, diags *diag.Diagnostics) signin.Configuration {
	var empty []string
	argument := func(name string, value types.String) string {
		if isEmpty(value) {
			empty = append(empty, name)
		}
		return trimmedString(value)
	}
	configuration := signin.Configuration{
		AccessKey:             argument("access_key", m.AccessKey),
		SecretKey:             argument("secret_key", m.SecretKey),
		SecurityToken:         argument("security_token", m.SecurityToken),
		Profile:               argument("profile", m.Profile),
		SharedCredentialsFile: argument("shared_credentials_file", m.SharedCredentialsFile),
		CredentialsURI:        argument("credentials_uri", m.CredentialsURI),
		ECSRoleName:           argument("ecs_role_name", m.ECSRoleName),
		STSEndpoint:           argument("sts_endpoint", m.STSEndpoint),
	}
	if !m.AssumeRole.IsNull() {
		var block assumeRoleModel
		diags.Append(m.AssumeRole.As(ctx, &block, basetypes.ObjectAsOptions{})...)
		configuration.AssumeRole = &signin.AssumeRole{
			SessionName:       argument("assume_role.session_name", block.SessionName),
			Policy:            argument("assume_role.policy", block.Policy),
			SessionExpiration: int(block.SessionExpiration.ValueInt64()),
			ExternalID:        argument("assume_role.external_id", block.ExternalID),
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
			ProviderARN:       argument("assume_role_with_oidc.oidc_provider_arn", block.OIDCProviderARN),
			RoleARN:           argument("assume_role_with_oidc.role_arn", block.RoleARN),
			Token:             argument("assume_role_with_oidc.oidc_token", block.OIDCToken),
			TokenFile:         argument("assume_role_with_oidc.oidc_token_file", block.OIDCTokenFile),
			RoleSessionName:   argument("assume_role_with_oidc.role_session_name", block.RoleSessionName),
			SessionExpiration: int(block.SessionExpiration.ValueInt64()),
			Policy:            argument("assume_role_with_oidc.policy", block.Policy),
		}
	}
	configuration.Empty = empty
	return configuration
}

// isEmpty reports whether an argument is set to "" or to whitespace.
func isEmpty(value types.String) bool { return !value.IsNull() && trimmedString(value) == "" }

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
