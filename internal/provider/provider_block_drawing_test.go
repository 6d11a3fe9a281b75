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

// secretMark is part of every secret that is drawn, and of nothing else.
const secretMark = "S3CR3T"

// drawing makes a provider block of bytes: of each argument one says whether it is null, unknown or set, and more of
// them say to what. Where the bytes end, all that is left is null.
type drawing struct {
	bytes   []byte
	secrets map[string]bool     // arguments that are sensitive
	usual   map[string][]string // what an argument is meant to hold
	unknown bool                // one of the values is
}

// secretsOf are the names of sensitive arguments, in blocks too.
func secretsOf(schema *tfprotov6.Schema) map[string]bool {
	secrets := map[string]bool{"credentials_uri": true} // whose path may hold one
	blocks := []*tfprotov6.SchemaBlock{schema.Block}
	for _, nested := range schema.Block.BlockTypes {
		blocks = append(blocks, nested.Block)
	}
	for _, block := range blocks {
		for _, attribute := range block.Attributes {
			if attribute.Sensitive {
				secrets[attribute.Name] = true
			}
		}
	}
	return secrets
}

// usualValues are what passes validation, so that the fuzzer comes further than that. Requests would go to the host,
// and the folder has a file with what the fuzzer makes of one.
func usualValues(host, folder string) map[string][]string {
	file := filepath.Join(folder, "file")
	role := "acs:ram::1234:role/reader"
	return map[string][]string{
		"access_key":              {"id" + secretMark},
		"secret_key":              {"key" + secretMark + "\n"},
		"security_token":          {"token" + secretMark},
		"profile":                 {"dev", "default"},
		"shared_credentials_file": {file, "~/file", folder, filepath.Join(folder, "missing")},
		"credentials_uri":         {"http://" + host + "/" + secretMark},
		"ecs_role_name":           {"reader"},
		"sts_endpoint":            {host},
		"region":                  {"cn-hangzhou"},
		"endpoint":                {"http://" + host, host},
		"network":                 {"vpc", "public"},
		"request_timeout":         {"1s"},
		"role_arn":                {role, ""},
		"session_name":            {"nightly"},
		"role_session_name":       {"nightly"},
		"policy":                  {"{}"},
		"external_id":             {"x"},
		"oidc_provider_arn":       {"acs:ram::1234:oidc-provider/ci"},
		"oidc_token":              {"t.o." + secretMark},
		"oidc_token_file":         {file, filepath.Join(folder, "missing")},
	}
}

func (d *drawing) next() byte {
	if len(d.bytes) == 0 {
		return 0
	}
	first := d.bytes[0]
	d.bytes = d.bytes[1:]
	return first
}

func (d *drawing) take(most int) []byte {
	taken := d.bytes[:min(most, len(d.bytes))]
	d.bytes = d.bytes[len(taken):]
	return taken
}

// object draws the members in the order of their names.
func (d *drawing) object(of tftypes.Object) values {
	drawn := make(values)
	for _, name := range slices.Sorted(maps.Keys(of.AttributeTypes)) {
		switch d.next() % 8 {
		case 0, 1, 2:
		case 3:
			d.unknown = true
			drawn[name] = unknown{}
		default:
			drawn[name] = d.value(name, of.AttributeTypes[name])
		}
	}
	return drawn
}

func (d *drawing) value(name string, of tftypes.Type) any {
	switch of := of.(type) {
	case tftypes.Object:
		return map[string]any(d.object(of))
	default:
		if of.Is(tftypes.Number) {
			return d.number()
		}
		return d.text(name)
	}
}

// number is a small one, one of any size, a huge one, or a fraction.
func (d *drawing) number() any {
	switch d.next() % 4 {
	case 0:
		return new(big.Float).SetInt64(int64(d.next()))
	case 1:
		var digits [8]byte
		copy(digits[:], d.take(8))
		return new(big.Float).SetInt64(int64(binary.BigEndian.Uint64(digits[:]))) //nolint:gosec // any number will do, a negative one too
	case 2:
		return new(big.Float).SetMantExp(big.NewFloat(1.5), int(d.next())<<4)
	}
	return new(big.Float).Quo(big.NewFloat(float64(d.next())), big.NewFloat(7))
}

// text is one that the argument is meant to hold, or any. Of files only those are named that the test has put there: a
// device would have the provider read for ever.
func (d *drawing) text(name string) string {
	usual, choice := d.usual[name], int(d.next())
	if len(usual) > 0 && (choice%2 == 0 || strings.HasSuffix(name, "_file")) {
		return usual[choice/2%len(usual)]
	}
	text := string(d.take(int(d.next())))
	if d.secrets[name] && text != "" {
		text += secretMark
	}
	return text
}

// What the bytes of one argument say.
const (
	drawNull    = "\x00"
	drawUnknown = "\x03"
	drawUsual   = "\x07\x00"     // the first of its usual values; of a number, the one of the next byte
	drawOdd     = "\x07\x01\x04" // the four bytes that follow
)

// drawn gives the bytes of which a block is drawn with these arguments. Those of a block are named as block.argument.
func drawn(of tftypes.Object, prefix string, arguments map[string]string) string {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(of.AttributeTypes)) {
		said, is := arguments[prefix+name]
		nested, block := of.AttributeTypes[name].(tftypes.Object)
		switch {
		case is && block && said == drawUsual:
			text.WriteString("\x07" + drawn(nested, prefix+name+".", arguments))
		case is:
			text.WriteString(said)
		default:
			text.WriteString(drawNull)
		}
	}
	return text.String()
}
