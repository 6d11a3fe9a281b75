package imageuri

import (
	"regexp"
	"strings"

	"github.com/distribution/reference"
)

const (
	// alibabaCloud is the domain of Alibaba Cloud's registries; the newer ones are all in its subdomain `cr`.
	alibabaCloud    = ".aliyuncs.com"
	registriesLabel = "cr"

	// publicNetwork is what a host serves that names no other network.
	publicNetwork = "public"

	// anyRegion stands in a host for its region. No host can have it.
	anyRegion = "*"
)

var (
	// hostForm is the library's own: a host name or an IP address, and perhaps a port.
	hostForm = regexp.MustCompile(`^(?:` + reference.DomainRegexp.String() + `)$`)

	// regionForm is the form of a region's id, such as cn-hangzhou or cn-north-2-gov-1. There is no list of regions, so that
	// a new one needs no new provider.
	regionForm = regexp.MustCompile(`^[a-z]{2}(?:-[a-z0-9]+)+$`)

	// innerNetworks are what the first label of a host ends in if it is reached from within Alibaba Cloud alone.
	innerNetworks = []string{"vpc", "internal"}
)

// location is what the host of a registry tells.
type location struct {
	region, network string
	anywhere        string // the host in lower case, the same for all regions and networks
}

// locate reads the host of a registry. Case doesn't matter in hosts, but the region is given as it is written.
func locate(registry string) location {
	host, port, _ := strings.Cut(strings.ToLower(registry), ":")
	host, ok := strings.CutSuffix(host, alibabaCloud)
	if !ok {
		return location{anywhere: strings.ToLower(registry)}
	}
	labels := strings.Split(host, ".")
	first, at := labels[0], len(labels)-1
	if at > 0 && labels[at] == registriesLabel {
		at--
	}
	var result location
	if regionForm.MatchString(labels[at]) {
		result.region = strings.Split(registry, ".")[at]
		labels[at] = anyRegion
	}
	result.network = publicNetwork
	for _, network := range innerNetworks {
		if first == network || strings.HasSuffix(first, "-"+network) {
			result.network = network
			// `registry-vpc` is the `registry` of another network.
			labels[0] = strings.TrimSuffix(strings.TrimSuffix(labels[0], network), "-")
		}
	}
	result.anywhere = strings.TrimPrefix(strings.Join(labels, "."), ".") + alibabaCloud
	if port != "" {
		result.anywhere += ":" + port
	}
	return result
}
