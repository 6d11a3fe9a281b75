package signin

import (
	"cmp"
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
func (p profile) openSDK(content []byte) (providers.CredentialsProvider, error) {
	file, err := ini.Load(content)
	if err != nil {
		// The parser's own error repeats a line, where a secret may stand.
		return nil, ownErrorf("%s is neither the INI file that the SDKs read nor the CLI's JSON", p.file)
	}
	name := cmp.Or(p.name, "default")
	section, err := file.GetSection(name)
	if err != nil {
		return nil, ownErrorf("%s has no section [%s]", p.file, name)
	}
	text := func(key string) string { return strings.TrimSpace(section.Key(key).String()) }
	needed, known := sdkTypes[text("type")]
	if !known {
		return nil, ownErrorf("in %s the section [%s] has the type %q; known are access_key, ecs_ram_role, ram_role_arn",
			p.file, name, text("type"))
	}
	for _, key := range needed {
		if text(key) == "" {
			return nil, ownErrorf("in %s the section [%s] of type %s lacks %s", p.file, name, text("type"), key)
		}
	}
	keys := fixed{AccessKeyID: text("access_key_id"), AccessKeySecret: text("access_key_secret")}
	switch text("type") {
	case "access_key":
		return keys, nil
	case "ecs_ram_role":
		if p.around.isTrue(metadataDisabled) {
			return nil, ownErrorf("in %s the section [%s] is of type ecs_ram_role, and %s forbids to ask the instance",
				p.file, name, metadataDisabled)
		}
		return p.around.instance(text("role_name"))()
	default:
		return p.around.role(role{
			arn: text("role_arn"), session: text("role_session_name"), policy: text("policy"),
		}, "", false).assumedBy(keys)
	}
}
