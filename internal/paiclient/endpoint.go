package paiclient

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Network says which of a region's endpoints is meant.
const (
	NetworkPublic = "public"
	NetworkVPC    = "vpc"
)

// centralRegions are served by one host for all of them. Source: the endpoint map of the vendor's SDK.
var centralRegions = []string{
	"ap-southeast-2", "eu-west-1", "me-east-1", "cn-qingdao", "cn-huhehaote", "cn-zhangbei", "cn-wuhan", "cn-fujian",
	"cn-hangzhou-finance", "cn-shenzhen-finance-1", "cn-beijing-finance-1", "cn-beijing-gov-1", "cn-edge-1",
}

// regionForm is loose on purpose: regions are added without notice, and all that matters is that one is a host's label.
var regionForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// CheckRegion says what is wrong with a region's form, nil where nothing is. It knows no list of regions.
func CheckRegion(region string) error {
	if !regionForm.MatchString(region) {
		return fmt.Errorf("%q has not the form of a region, such as cn-hangzhou: lower-case letters, digits and hyphens", region)
	}
	return nil
}

// RegionalEndpoint gives the address of the API in a region, over the public network or from inside a VPC.
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

// ParseEndpoint reads a host (`aiworkspace.cn-hangzhou.aliyuncs.com`, `localhost:8080`) or a URL. Without a scheme it is
// https. Plain http is for loopback addresses alone, since requests are signed but not secret.
func ParseEndpoint(endpoint string) (*url.URL, error) {
	address := endpoint
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	parsed, err := url.Parse(address)
	if err != nil {
		// The parser's own error repeats the whole text, where a password may stand.
		return nil, errors.New("it is neither a host nor a URL")
	}
	switch {
	case parsed.User != nil:
		return nil, errors.New("it holds a user name or a password, which have no place there")
	case parsed.Scheme != "https" && parsed.Scheme != "http":
		return nil, fmt.Errorf("its scheme is %q: only https, and http to a loopback address, are spoken", parsed.Scheme)
	case parsed.Hostname() == "" || strings.ContainsAny(parsed.Hostname(), " \t\r\n"):
		return nil, errors.New("it names no host")
	case strings.ContainsFunc(parsed.Host, func(r rune) bool { return r > unicode.MaxASCII }):
		return nil, errors.New("its host has letters beyond ASCII: write it in its xn-- form")
	case strings.HasSuffix(parsed.Host, ":"):
		return nil, errors.New("it has a colon and no port")
	case strings.Trim(parsed.Path, "/") != "" || parsed.RawQuery != "" || parsed.Fragment != "":
		return nil, errors.New("it has a path or a query: only a scheme, a host and a port are taken")
	case parsed.Scheme == "http" && !isLoopback(parsed.Hostname()):
		return nil, fmt.Errorf("plain http is for loopback addresses only: use https://%s", parsed.Host)
	}
	if port := parsed.Port(); port != "" {
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			return nil, fmt.Errorf("%q is not a port", port)
		}
	}
	return &url.URL{Scheme: parsed.Scheme, Host: parsed.Host}, nil
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}
