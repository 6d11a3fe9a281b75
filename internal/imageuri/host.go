package imageuri

import (
	"regexp"
	"strings"

	"github.com/distribution/reference"
)

const (
	// alibabaCloudSuffix is the end of the host of every registry of Alibaba Cloud. In the hosts of newer registries,
	// the label registrySubdomain precedes it.
	alibabaCloudSuffix = ".aliyuncs.com"
	registrySubdomain  = "cr"

	// publicNetwork is the network of a host that contains none of privateNetworks.
	publicNetwork = "public"

	// anyRegion replaces the region in the family of a host. A real host can't contain this character.
	anyRegion = "*"
)

var (
	// hostPattern matches a host name or an IP address, optionally with a port.
	hostPattern = regexp.MustCompile(`^(?:` + reference.DomainRegexp.String() + `)$`)

	// regionPattern matches region IDs such as cn-hangzhou and cn-north-2-gov-1. A fixed list would lack new regions.
	regionPattern = regexp.MustCompile(`^[a-z]{2}(?:-[a-z0-9]+)+$`)

	// privateNetworks are the networks that can stand at the end of a host's first label, as in `registry-vpc`.
	privateNetworks = []string{"vpc", "internal"}
)

// host holds the parsed host of a registry.
type host struct {
	region, network string
	family          string // the host in lower case, without its region and network
}

// parseHost parses the host of a registry. It ignores case, but returns the region as written.
func parseHost(registry string) host {
	name, port, _ := strings.Cut(strings.ToLower(registry), ":")
	name, ok := strings.CutSuffix(name, alibabaCloudSuffix)
	if !ok {
		return host{family: strings.ToLower(registry)}
	}
	labels := strings.Split(name, ".")
	first, last := labels[0], len(labels)-1
	if last > 0 && labels[last] == registrySubdomain {
		last--
	}
	result := host{network: publicNetwork}
	if regionPattern.MatchString(labels[last]) {
		result.region = strings.Split(registry, ".")[last]
		labels[last] = anyRegion
	}
	for _, network := range privateNetworks {
		if first == network || strings.HasSuffix(first, "-"+network) {
			result.network = network
			// `registry-vpc` and `registry` are the same registry in two networks.
			labels[0] = strings.TrimSuffix(strings.TrimSuffix(labels[0], network), "-")
		}
	}
	result.family = strings.TrimPrefix(strings.Join(labels, "."), ".") + alibabaCloudSuffix
	if port != "" {
		result.family += ":" + port
	}
	return result
}
