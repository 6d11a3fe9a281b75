package paiclient

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient/connection"
)

// Values of RegionalEndpoint's parameter network.
const (
	NetworkPublic = "public"
	NetworkVPC    = "vpc"
)

// centralRegions are the regions that share one public host. Source: the endpoint map of the vendor's SDK.
var centralRegions = []string{
	"ap-southeast-2", "eu-west-1", "me-east-1", "cn-qingdao", "cn-huhehaote", "cn-zhangbei", "cn-wuhan", "cn-fujian",
	"cn-hangzhou-finance", "cn-shenzhen-finance-1", "cn-beijing-finance-1", "cn-beijing-gov-1", "cn-edge-1",
}

// regionRegex matches any valid label of a host name, because the vendor adds regions without notice.
var regionRegex = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// CheckRegion returns an error if the region can't be part of a host name. It doesn't check whether the region exists.
func CheckRegion(region string) error {
	if !regionRegex.MatchString(region) {
		return fmt.Errorf("invalid region %s: use lower-case letters, digits and hyphens, as in cn-hangzhou",
			hcltext.Quote(region))
	}
	return nil
}

// RegionalEndpoint returns the URL of the API in a region. The result is the VPC endpoint if network is NetworkVPC, and
// the public endpoint otherwise. RegionalEndpoint returns the error of CheckRegion, if any.
func RegionalEndpoint(region, network string) (*url.URL, error) {
	if err := CheckRegion(region); err != nil {
		return nil, err
	}
	host := "aiworkspace." + region + ".aliyuncs.com"
	switch {
	case network == NetworkVPC:
		host = "aiworkspace-vpc." + region + ".aliyuncs.com"
	case slices.Contains(centralRegions, region):
		host = "aiworkspace.aliyuncs.com"
	}
	return &url.URL{Scheme: "https", Host: host}, nil
}

// regionalHostRegex matches the API's own hosts that serve one region.
var regionalHostRegex = regexp.MustCompile(`^aiworkspace(?:-vpc)?\.([a-z0-9-]+)\.aliyuncs\.com\.?$`)

// EndpointRegion returns the region that is part of the endpoint's host. It returns "" for the host of several regions
// (aiworkspace.aliyuncs.com), and for any other host.
func EndpointRegion(endpoint *url.URL) string {
	match := regionalHostRegex.FindStringSubmatch(strings.ToLower(endpoint.Hostname()))
	if match == nil {
		return ""
	}
	return match[1]
}

const httpRule = "http is supported only for loopback addresses"

// ParseEndpoint parses a host (`aiworkspace.cn-hangzhou.aliyuncs.com`, `localhost:8080`) or a URL. The default scheme
// is https. ParseEndpoint accepts http for loopback addresses only, because the client doesn't encrypt requests itself.
func ParseEndpoint(endpoint string) (*url.URL, error) {
	address := endpoint
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	parsed, err := url.Parse(address)
	if err != nil {
		// The error of url.Parse is not wrapped, because it contains the whole endpoint, which may include a password.
		return nil, errors.New("the endpoint is neither a host nor a URL")
	}
	switch {
	case parsed.User != nil:
		return nil, errors.New("the endpoint contains a user name or a password: remove them")
	case parsed.Scheme != "https" && parsed.Scheme != "http":
		return nil, fmt.Errorf("unsupported scheme %q: use https (%s)", parsed.Scheme, httpRule)
	case parsed.Hostname() == "" || strings.ContainsAny(parsed.Hostname(), " \t\r\n"):
		return nil, errors.New("the endpoint has no host")
	case strings.ContainsFunc(parsed.Host, func(r rune) bool { return r > unicode.MaxASCII }):
		return nil, errors.New("the host contains non-ASCII characters: use its Punycode form (xn--)")
	case strings.HasSuffix(parsed.Host, ":"):
		return nil, errors.New("the endpoint has no port after the colon")
	case strings.Trim(parsed.Path, "/") != "" || parsed.RawQuery != "" || parsed.Fragment != "":
		return nil, errors.New("the endpoint contains a path, a query or a fragment: use only a scheme, a host and a port")
	case parsed.Scheme == "http" && !connection.IsLoopback(parsed.Hostname()):
		return nil, fmt.Errorf("unsupported scheme %q: use https://%s (%s)", parsed.Scheme, parsed.Host, httpRule)
	}
	if port := parsed.Port(); port != "" {
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			return nil, fmt.Errorf("invalid port %q", port)
		}
	}
	return &url.URL{Scheme: parsed.Scheme, Host: parsed.Host}, nil
}

// RegionPlaceholder is replaced with the region in an endpoint.
const RegionPlaceholder = "{region}"

// ExpandEndpoint replaces RegionPlaceholder in the endpoint with the region, and then parses it with ParseEndpoint. If
// the endpoint contains the placeholder, ExpandEndpoint returns the error of CheckRegion, if any. It accepts http only
// if the address is a loopback address for every region, as in http://{region}.localhost.
func ExpandEndpoint(endpoint, region string) (*url.URL, error) {
	if !strings.Contains(endpoint, RegionPlaceholder) {
		return ParseEndpoint(endpoint)
	}
	if err := CheckRegion(region); err != nil {
		return nil, err
	}
	parsed, err := ParseEndpoint(strings.ReplaceAll(endpoint, RegionPlaceholder, region))
	if err == nil && parsed.Scheme == "http" {
		// The region itself could make the address a loopback address, such as the region 1 in 127.0.0.{region}.
		if _, err := ParseEndpoint(strings.ReplaceAll(endpoint, RegionPlaceholder, "region")); err != nil {
			return nil, fmt.Errorf("unsupported scheme %q with %s: use https (%s)", parsed.Scheme, RegionPlaceholder, httpRule)
		}
	}
	return parsed, err
}

// CheckEndpoint returns the error with which ExpandEndpoint rejects the endpoint for a valid region.
func CheckEndpoint(endpoint string) error {
	_, err := ExpandEndpoint(endpoint, "cn-hangzhou")
	return err
}
