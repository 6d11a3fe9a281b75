package signin

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"
	"gopkg.in/ini.v1"
)

// sdkTypes are the types of sections of the SDKs' file, and the keys that each can't do without.
var sdkTypes = map[string][]string{
	"access_key":   {"access_key_id", "access_key_secret"},
	"ecs_ram_role": {"role_name"},
	"ram_role_arn": {"access_key_id", "access_key_secret", "role_arn", "role_session_name"},
}

// openSDK reads a section of the SDKs' file. The library, which finds the file in its own way, isn't asked to.
func (p profile) openSDK(content []byte) (profile, error) {
	// A section [a.b] is none of [a]'s: it inherits no keys.
	file, err := ini.LoadSources(ini.LoadOptions{ChildSectionDelimiter: "\x00"}, content)
	if err != nil {
		// The parser's own error repeats a line, where a secret may stand.
		return p, ownErrorf("%s is neither the INI file that the SDKs read nor the CLI's JSON", p.file)
	}
	p.name = cmp.Or(p.name, "default")
	section, err := file.GetSection(p.name)
	if err != nil {
		return p, ownErrorf("%s has no section [%s]", p.file, p.name)
	}
	text := func(key string) string { return strings.TrimSpace(section.Key(key).String()) }
	needed, known := sdkTypes[text("type")]
	if !known {
		return p, ownErrorf("in %s the section [%s] has the type %q; known are: %s",
			p.file, p.name, text("type"), strings.Join(slices.Sorted(maps.Keys(sdkTypes)), ", "))
	}
	for _, key := range needed {
		if text(key) == "" {
			return p, ownErrorf("in %s the section [%s] of type %s lacks %s", p.file, p.name, text("type"), key)
		}
	}
	p.provider, err = p.openType(text)
	return p, err
}

func (p profile) openType(text func(key string) string) (providers.CredentialsProvider, error) {
	keys := fixed{AccessKeyID: text("access_key_id"), AccessKeySecret: text("access_key_secret")}
	switch text("type") {
	case "access_key":
		return keys, nil
	case "ecs_ram_role":
		if p.search.isTrue(metadataDisabled) {
			return nil, ownErrorf("in %s the section [%s] is of type ecs_ram_role, and %s forbids to ask the instance",
				p.file, p.name, metadataDisabled)
		}
		return p.search.instance(text("role_name"))
	}
	named, err := p.search.role(role{
		arn: text("role_arn"), session: text("role_session_name"), policy: text("policy"),
	}, regions{})
	if err != nil {
		return nil, err
	}
	assumed, err := named.assumedBy(keys)
	if err != nil {
		return nil, err
	}
	return p.step(named.String(), roleAdvice, assumed), nil
}
