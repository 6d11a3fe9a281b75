package imageuri

import (
	"regexp"
	"strings"

	"github.com/distribution/reference"
)

const (
	// alibabaCloudSuffix is the end of the host of every registry of Alibaba Cloud. In the hosts of newer registries,
	// registrySuffix precedes it, and in the hosts of newer personal instances, personalSuffix precedes both.
	alibabaCloudSuffix = ".aliyuncs.com"
	registrySuffix     = ".cr"
	personalSuffix     = ".personal"

	// publicNetwork is the network of a host that contains none of privateNetworks.
	publicNetwork = "public"

	// anyRegion replaces the region in the family of a host. A real host can't contain this character.
	anyRegion = "*"
)

var (
	// hostPattern matches a host name or an IP address, optionally with a port.
	hostPattern = regexp.MustCompile(`^(?:` + reference.DomainRegexp.String() + `)$`)

	// privateNetworks are the networks that can stand at the end of a host's first label, as in `registry-vpc`.
	privateNetworks = []string{"vpc", "internal"}
)

// host holds the parsed host of a registry. For hosts of other vendors, only after is set.
type host struct {
	region, network string
	// before and after are the parts of the host before and after the region, in lower case. If the host has no region,
	// before ends where the region would.
	before, after string
}

// parseHost parses the host of a registry. It ignores case, but returns the region as written.
func parseHost(registry string) host {
	lower := strings.ToLower(registry)
	name, _, _ := strings.Cut(lower, ":")
	name, ok := strings.CutSuffix(name, alibabaCloudSuffix)
	if !ok {
		return host{after: lower}
	}
	if instance, ok := strings.CutSuffix(name, registrySuffix); ok {
		name = strings.TrimSuffix(instance, personalSuffix)
	}
	first, _, _ := strings.Cut(name, ".")
	h := host{network: networkOf(first), before: name, after: lower[len(name):]}
	if start := strings.LastIndex(name, ".") + 1; isRegion(name[start:]) {
		h.before, h.region = name[:start], registry[start:len(name)]
	}
	return h
}

// isRegion reports whether s has the form of a region ID, such as cn-hangzhou or cn-north-2-gov-1: two letters, then
// hyphens and words. A fixed list would lack new regions.
func isRegion(s string) bool {
	return len(s) > 2 && isLower(s[0]) && isLower(s[1]) && s[2] == '-' && isWords(s[3:], "-")
}

// networkOf returns the network at the end of a host's first label.
func networkOf(first string) string {
	for _, network := range privateNetworks {
		if prefix, ok := strings.CutSuffix(first, network); ok && (prefix == "" || strings.HasSuffix(prefix, "-")) {
			return network
		}
	}
	return publicNetwork
}

// family returns the host in lower case, without its region and network.
func (h host) family() string {
	region := ""
	if h.region != "" {
		region = anyRegion
	}
	first, others := h.before, ""
	if i := strings.Index(h.before, "."); i >= 0 {
		first, others = h.before[:i], h.before[i:]
	}
	// `registry-vpc` and `registry` are the same registry in two networks.
	if h.network != publicNetwork {
		first = strings.TrimSuffix(strings.TrimSuffix(first, h.network), "-")
	}
	return strings.TrimPrefix(first+others+region+h.after, ".")
}
