package signin

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/aliyun/credentials-go/credentials/providers"
)

func (s search) ecsRoleOfBlock() (*selectedSource, error) {
	source, err := s.newECSRole(s.ECSRoleName, "`ecs_role_name`")
	if err != nil {
		return nil, &ArgumentError{Argument: "ecs_role_name", Err: err}
	}
	return source, nil
}

func (s search) ecsRoleOfEnv() (*selectedSource, error) {
	role, variable := s.fill("ecs_role_name", "")
	if role == "" {
		return nil, errNotSet
	}
	return s.newECSRole(role, variable)
}

// newECSRole returns a source for a role. setBy is the argument or variable that sets it.
func (s search) newECSRole(role, setBy string) (*selectedSource, error) {
	if _, err := s.openECSRole(role, setBy); err != nil {
		return nil, err
	}
	return &selectedSource{
		name:   "the ECS role " + role + " of " + setBy,
		advice: advice{otherwise: "check that this is an ECS instance and that the role is attached to it"},
		build:  func() (providers.CredentialsProvider, error) { return s.openECSRole(role, setBy) },
	}, nil
}

// attachedECSRole returns the role that is attached to the ECS instance, or errNotSet if metadata is disabled. It
// doesn't check whether the machine has a metadata service. If there is none, fetching the credentials fails.
func (s search) attachedECSRole() (*selectedSource, error) {
	if s.isTrue(metadataDisabled) {
		return nil, errNotSet
	}
	const name = "the role of the ECS instance"
	return &selectedSource{
		name: name,
		advice: advice{
			cause:     setupFix(),
			otherwise: s.setupAdvice(),
		},
		build: func() (providers.CredentialsProvider, error) { return s.openECSRole("", name) },
	}, nil
}

// openECSRole returns a provider that fetches a role's session from the metadata of the instance. If role is "", the
// provider uses the role that is attached to the instance. If the environment disables the metadata, the error starts
// with setBy.
func (s search) openECSRole(role, setBy string) (providers.CredentialsProvider, error) {
	if s.isTrue(metadataDisabled) {
		return nil, safeErrorf("%s needs the metadata of the ECS instance, which %s disables: unset this variable, or use "+
			"another credential source", setBy, metadataDisabled)
	}
	m := instanceMetadata{hardenedOnly: s.isTrue(imdsV1Disabled)}
	return &sessionProvider{
		name:  "ecs_ram_role",
		fetch: func(ctx context.Context) (session, error) { return m.session(ctx, role) },
	}, nil
}

// The metadata service, from https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata
const (
	metadataTokenURL = "http://" + metadataHost + "/latest/api/token"
	metadataRoleURL  = "http://" + metadataHost + "/latest/meta-data/ram/security-credentials/"

	metadataTokenHeader    = "X-Aliyun-Ecs-Metadata-Token" //nolint:gosec // a name, not a token
	metadataLifetimeHeader = "X-Aliyun-Ecs-Metadata-Token-Ttl-Seconds"
)

// The metadata service responds within milliseconds. These limits are short, because on a machine outside Alibaba Cloud
// the error must come within five seconds.
const (
	metadataDialTimeout    = time.Second
	metadataRequestTimeout = 2 * time.Second // for each request
	metadataTimeout        = 4 * time.Second // for all requests for a session
	metadataTokenSeconds   = "60"
)

var (
	metadataTokenFormat = regexp.MustCompile(`^[!-~]+$`)
	ecsRoleFormat       = regexp.MustCompile(`^[\w.-]{1,64}$`)
)

// instanceMetadata is the metadata service of the ECS instance on which the provider runs.
type instanceMetadata struct {
	hardenedOnly bool // send no request without a token
}

// session returns a session of the role, or of the attached role if role is "".
func (m instanceMetadata) session(ctx context.Context, role string) (session, error) {
	ctx, cancel := context.WithTimeout(ctx, metadataTimeout)
	defer cancel()
	token, err := m.token(ctx)
	if err != nil {
		return session{}, err
	}
	if role == "" {
		if role, err = m.attachedRole(ctx, token); err != nil {
			return session{}, err
		}
	}
	response, err := m.get(ctx, metadataRoleURL+url.PathEscape(role), token)
	switch {
	case err != nil:
		return session{}, err
	case response.status == http.StatusNotFound:
		return session{}, safeErrorf("the instance has no role %q (HTTP 404)", role)
	}
	if err := response.checkStatus(); err != nil {
		return session{}, err
	}
	return parseSession(response.body)
}

// attachedRole returns the name of the role that is attached to the instance.
func (m instanceMetadata) attachedRole(ctx context.Context, token string) (string, error) {
	response, err := m.get(ctx, metadataRoleURL, token)
	switch {
	case err != nil:
		return "", err
	case response.status == http.StatusNotFound:
		return "", safeErrorf("no role is attached to the instance (HTTP 404)")
	}
	if err := response.checkStatus(); err != nil {
		return "", err
	}
	role := strings.TrimSpace(string(response.body))
	if !ecsRoleFormat.MatchString(role) {
		return "", safeErrorf("the response is not the name of a role")
	}
	return role, nil
}

// token returns a token for further requests, as the hardened mode of the metadata service requires. If the service
// responds with none, token returns "", unless hardenedOnly is set.
func (m instanceMetadata) token(ctx context.Context) (string, error) {
	response, err := m.send(ctx, http.MethodPut, metadataTokenURL, http.Header{
		metadataLifetimeHeader: {metadataTokenSeconds},
	})
	if err == nil {
		err = response.checkStatus()
	}
	token := strings.TrimSpace(string(response.body))
	if err == nil && !metadataTokenFormat.MatchString(token) {
		err = safeErrorf("the response is not a token")
	}
	switch {
	case err == nil:
		return token, nil
	case !m.hardenedOnly && ctx.Err() == nil:
		return "", nil
	}
	return "", safeErrorf("no metadata token, which %s requires: %s", imdsV1Disabled, cause(err))
}

// get returns the response of the metadata service. If the service refuses the token, get sends the request again
// without it, unless hardenedOnly is set.
func (m instanceMetadata) get(ctx context.Context, address, token string) (httpResponse, error) {
	if token != "" {
		response, err := m.send(ctx, http.MethodGet, address, http.Header{metadataTokenHeader: {token}})
		if err != nil || m.hardenedOnly || response.status == http.StatusOK || response.status == http.StatusNotFound {
			return response, err
		}
	}
	return m.send(ctx, http.MethodGet, address, http.Header{})
}

func (instanceMetadata) send(ctx context.Context, method, address string, header http.Header) (httpResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, metadataRequestTimeout)
	defer cancel()
	return sendRequest(ctx, method, address, header, "")
}
