package provider

import (
	"encoding/binary"
	"maps"
	"math/big"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// secretMark is part of every generated secret, and no other text contains it.
const secretMark = "S3CR3T"

// blockGenerator generates a provider block from bytes. For each argument, a byte determines whether the argument is
// null, unknown or set, and further bytes determine its value. After the last byte, all further arguments are null.
type blockGenerator struct {
	bytes      []byte
	sensitive  map[string]bool     // names of the sensitive arguments
	valid      map[string][]string // valid values by argument
	hasUnknown bool                // the block has an unknown value
}

// sensitiveArguments returns the names of the sensitive arguments, including those of nested blocks.
func sensitiveArguments(schema *tfprotov6.Schema) map[string]bool {
	names := map[string]bool{"credentials_uri": true} // the path of the URI may contain a secret
	blocks := []*tfprotov6.SchemaBlock{schema.Block}
	for _, nested := range schema.Block.BlockTypes {
		blocks = append(blocks, nested.Block)
	}
	for _, block := range blocks {
		for _, attribute := range block.Attributes {
			if attribute.Sensitive {
				names[attribute.Name] = true
			}
		}
	}
	return names
}

// validValues returns valid values of each argument, so that the fuzzer also tests the code after the validation. The
// values contain the host as endpoint, and the path of a file in the directory.
func validValues(host, directory string) map[string][]string {
	file, missing := filepath.Join(directory, "file"), filepath.Join(directory, "missing")
	return map[string][]string{
		"access_key":              {"id" + secretMark},
		"secret_key":              {"key" + secretMark + "\n"},
		"security_token":          {"token" + secretMark},
		"profile":                 {"dev", "default"},
		"shared_credentials_file": {file, "~/file", directory, missing},
		"credentials_uri":         {"http://" + host + "/" + secretMark},
		"ecs_role_name":           {"reader"},
		"sts_endpoint":            {host},
		"region":                  {"cn-hangzhou"},
		"endpoint":                {"http://" + host, host},
		"network":                 {"vpc", "public"},
		"request_timeout":         {"1s"},
		"role_arn":                {readerRole, ""},
		"session_name":            {"nightly"},
		"role_session_name":       {"nightly"},
		"policy":                  {"{}"},
		"external_id":             {"x"},
		"oidc_provider_arn":       {ciProvider},
		"oidc_token":              {"t.o." + secretMark},
		"oidc_token_file":         {file, missing},
	}
}

func (g *blockGenerator) nextByte() byte {
	if len(g.bytes) == 0 {
		return 0
	}
	first := g.bytes[0]
	g.bytes = g.bytes[1:]
	return first
}

func (g *blockGenerator) nextBytes(n int) []byte {
	next := g.bytes[:min(n, len(g.bytes))]
	g.bytes = g.bytes[len(next):]
	return next
}

// object generates the members of an object in the order of their names.
func (g *blockGenerator) object(objectType tftypes.Object) values {
	object := make(values)
	for _, name := range slices.Sorted(maps.Keys(objectType.AttributeTypes)) {
		switch g.nextByte() % 8 {
		case 0, 1, 2:
		case 3:
			g.hasUnknown = true
			object[name] = unknown{}
		default:
			object[name] = g.value(name, objectType.AttributeTypes[name])
		}
	}
	return object
}

func (g *blockGenerator) value(name string, valueType tftypes.Type) any {
	if objectType, ok := valueType.(tftypes.Object); ok {
		return map[string]any(g.object(objectType))
	}
	if valueType.Is(tftypes.Number) {
		return g.nextNumber()
	}
	return g.nextString(name)
}

// nextNumber generates a small integer, any integer, a huge number or a fraction.
func (g *blockGenerator) nextNumber() any {
	switch g.nextByte() % 4 {
	case 0:
		return new(big.Float).SetInt64(int64(g.nextByte()))
	case 1:
		var digits [8]byte
		copy(digits[:], g.nextBytes(8))
		return new(big.Float).SetInt64(int64(binary.BigEndian.Uint64(digits[:]))) //nolint:gosec // may be negative
	case 2:
		return new(big.Float).SetMantExp(big.NewFloat(1.5), int(g.nextByte())<<4)
	}
	return new(big.Float).Quo(big.NewFloat(float64(g.nextByte())), big.NewFloat(7))
}

// nextString generates a valid value or a random string. It generates no random file names, because the name of a
// device file could block the provider forever.
func (g *blockGenerator) nextString(name string) string {
	valid, choice := g.valid[name], int(g.nextByte())
	if len(valid) > 0 && (choice%2 == 0 || strings.HasSuffix(name, "_file")) {
		return valid[choice/2%len(valid)]
	}
	text := string(g.nextBytes(int(g.nextByte())))
	if g.sensitive[name] && text != "" {
		text += secretMark
	}
	return text
}

// Bytes from which a blockGenerator generates an argument.
const (
	generateNull    = "\x00"
	generateUnknown = "\x03"
	generateValid   = "\x07\x00"     // the first valid value, or a number from the next byte
	generateAny     = "\x07\x01\x04" // a string of the next four bytes
)

// blockBytes returns the bytes from which a blockGenerator generates a block with the arguments. The name of an
// argument in a nested block has the form block.argument.
func blockBytes(objectType tftypes.Object, prefix string, arguments map[string]string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(objectType.AttributeTypes)) {
		bytes, ok := arguments[prefix+name]
		nested, isBlock := objectType.AttributeTypes[name].(tftypes.Object)
		switch {
		case ok && isBlock && bytes == generateValid:
			b.WriteString("\x07" + blockBytes(nested, prefix+name+".", arguments))
		case ok:
			b.WriteString(bytes)
		default:
			b.WriteString(generateNull)
		}
	}
	return b.String()
}
