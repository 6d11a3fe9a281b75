// Package signin finds the credentials that sign requests.
//
// # Search order
//
// Find looks at the credential sources in the order of Sources and uses the first one that is set:
//
//  1. the provider block: static keys, OIDC, a profile, a sidecar or an ECS role. Two of them are an error.
//  2. the environment variables, for the same kinds of source
//  3. the current profile of the Alibaba Cloud CLI, in ~/.aliyun/config.json
//  4. the default profile of the SDKs, in ~/.alibabacloud/credentials
//  5. the role of the ECS instance
//
// A source that is set but doesn't work is an error. Find never continues with the next one, whose credentials could
// belong to another account. Nor are two sources combined: what one source lacks is not taken from another.
//
// A role can be assumed with the credentials of any source. It is named by the block assume_role or, for a source of
// the environment, by a variable.
//
// Find reads files and sends no request. The first call of Credentials sends them, through the vendor's library
// github.com/aliyun/credentials-go. The library replaces an unset value by that of an environment variable, so this
// package sets every value.
//
// # Reading order
//
//   - configuration.go: the input, and the table of arguments and their environment variables
//   - find.go: the list of sources, and Find
//   - keys.go, oidc.go, sidecar.go, instance.go: one source each
//   - profile.go, cli_profile.go, oauth.go: the files of profiles and their modes
//   - role.go: the role that is assumed, and the STS endpoint
//   - cache.go: how credentials are kept, renewed and shared by concurrent requests
//   - errors.go, advice.go: which parts of the library's errors are shown, and the fix
//   - library_guards.go: the changes to the process that the library makes necessary
package signin
