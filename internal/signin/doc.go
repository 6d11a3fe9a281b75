// Package signin finds the credentials that sign requests.
//
// # Search order
//
// Find looks at the credential sources in the order of Sources and uses the first one that is set:
//
//  1. the provider block: static keys, a profile, a sidecar, an ECS role or OIDC. It can set only one of these.
//  2. the environment variables, for the same five kinds of source, in the same order
//  3. the current profile of the Alibaba Cloud CLI, in ~/.aliyun/config.json
//  4. the default profile of the SDKs, in ~/.alibabacloud/credentials
//  5. the role of the ECS instance
//
// If a source is set but doesn't work, Find returns an error. It doesn't try the next source, because the next source's
// credentials may belong to another account. Variables complete a source of the block, such as the name of a profile
// with its file. A role is assumed only if the block assume_role or a profile sets one.
//
// The order is that of the alicloud provider, which users have in the same configuration. If alicloud would sign in as
// another identity, Find returns a warning or an error.
//
// Find reads files and sends no requests. The CredentialSource in the Result fetches credentials when the API client
// first needs them. For CloudSSO and for requests to STS, it uses the vendor's library
// github.com/aliyun/credentials-go. The library reads unset values from environment variables, so this package sets
// every value.
//
// # Reading order
//
//   - configuration.go: the input, and the table of arguments and their environment variables
//   - settings.go: the value of an argument, and warnings
//   - find.go: the list of sources, Check and Find
//   - keys.go, oidc.go, sidecar.go, instance.go: one source each
//   - http_credentials.go: HTTP requests, and sessions that are kept until they expire
//   - profile.go: profile files, and the profiles of the SDKs
//   - cli_file.go, cli_profile.go, external.go: the profiles of the CLI, and their modes
//   - oauth.go, oauth_site.go: logins of mode OAuth, and their requests; package configfile updates their file
//   - role.go: the role that is assumed, and the STS endpoint
//   - same_account.go: differences to the alicloud provider
//   - cache.go: how credentials are cached, renewed and shared by concurrent requests
//   - errors.go, advice.go: error messages without secrets, and the advice in them
//   - library_guards.go: changes to the process that protect against redirects and output of the library
package signin
