package signin

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"
	"gopkg.in/ini.v1"
)

// sdkTypes maps each type of profile in the SDKs' file to the keys that must be set.
var sdkTypes = map[string][]string{
	"access_key":   {"access_key_id", "access_key_secret"},
	"ecs_ram_role": {"role_name"},
	"ram_role_arn": {"access_key_id", "access_key_secret", "role_arn", "role_session_name"},
}

// openSDK opens a profile of the SDKs' file. It doesn't use the library's parser, because the library determines the
// path of the file itself.
func (p fileProfile) openSDK(content []byte) (fileProfile, error) {
	// Without this option, a section [a.b] would inherit the keys of [a].
	file, err := ini.LoadSources(ini.LoadOptions{ChildSectionDelimiter: "\x00"}, content)
	if err != nil {
		// The parser's error is not wrapped: it repeats a line, which may contain a secret.
		return p, safeErrorf("%s is neither an INI file of the SDKs nor the JSON of the Alibaba Cloud CLI", p.file)
	}
	p.name = cmp.Or(p.name, defaultProfile)
	section, err := file.GetSection(p.name)
	if err != nil {
		return p, safeErrorf("%s has no section [%s]", p.file, p.name)
	}
	value := func(key string) string { return strings.TrimSpace(section.Key(key).String()) }
	required, ok := sdkTypes[value("type")]
	if !ok {
		return p, safeErrorf("the section [%s] of %s has the unsupported type %q: use one of %s",
			p.name, p.file, value("type"), strings.Join(slices.Sorted(maps.Keys(sdkTypes)), ", "))
	}
	for _, key := range required {
		if value(key) == "" {
			return p, safeErrorf("the section [%s] of %s (type %s) has no `%s`: set it", p.name, p.file, value("type"), key)
		}
	}
	p.provider, err = p.openSDKType(value)
	return p, err
}

func (p fileProfile) openSDKType(value func(key string) string) (providers.CredentialsProvider, error) {
	keys := staticKeys{AccessKeyID: value("access_key_id"), AccessKeySecret: value("access_key_secret")}
	switch value("type") {
	case "access_key":
		return keys, nil
	case "ecs_ram_role":
		if p.search.isTrue(metadataDisabled) {
			return nil, safeErrorf("the section [%s] of %s has the type ecs_ram_role, which needs the metadata of the ECS "+
				"instance, but %s disables it", p.name, p.file, metadataDisabled)
		}
		return p.search.openECSRole(value("role_name"))
	}
	if p.search.replacesRole() {
		return keys, nil
	}
	r, err := p.search.completeRole(assumedRole{
		arn: value("role_arn"), sessionName: value("role_session_name"), policy: value("policy"),
	}, profileRegions{})
	if err != nil {
		return nil, err
	}
	assumed, err := r.provider(keys)
	if err != nil {
		return nil, err
	}
	return p.wrap(r.String(), r.advice(), assumed), nil
}
