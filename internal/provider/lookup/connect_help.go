package lookup

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"regexp"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient/connection"
)

const unreachableSummary = "Cannot reach the PAI API"

// transportHelp returns the summary and the advice for a connection that broke, or a response that came too late.
func transportHelp(err *paiclient.TransportError) errorHelp {
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return errorHelp{unreachableSummary, "The service accepted the connection, but did not respond in time. If it is " +
			"slow, raise `request_timeout` in the provider block, which limits each attempt."}
	}
	return errorHelp{unreachableSummary, "The connection ended before the response was complete. Run the plan again. If " +
		"the error persists, check the proxies and firewalls between this machine and the API."}
}

// vpcHost matches the host of the API inside a VPC. The group is the region.
var vpcHost = regexp.MustCompile(`^aiworkspace-vpc\.([^.]+)\.aliyuncs\.com:`)

// connectHelp returns the summary and the advice for requests that got no connection. The advice contains only what
// applies to the host.
func connectHelp(err *connection.Error) errorHelp {
	var advice []string
	if match := vpcHost.FindStringSubmatch(err.Host); match != nil {
		advice = append(advice, fmt.Sprintf("This is a VPC endpoint (`network = \"vpc\"`), which is reachable only from a "+
			"VPC in %s. Outside a VPC, set `network = \"public\"` in the provider block.", match[1]))
	}
	if proxy := proxyAdvice(err); proxy != "" {
		advice = append(advice, proxy)
	}
	_, isUntrusted := errors.AsType[x509.UnknownAuthorityError](err)
	_, isInvalid := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case isUntrusted || isInvalid:
		advice = append(advice, "Check `endpoint` and the certificate authorities that this machine trusts.")
	case len(advice) == 0:
		advice = append(advice, "Check `region` and `endpoint`: not every region has the service. Also check the network of "+
			"this machine, and whether it needs a proxy (`HTTPS_PROXY`).")
	}
	return errorHelp{unreachableSummary, strings.Join(advice, " ")}
}

// proxyAdvice returns advice about the environment variables that decide whether the host is reached through a proxy.
// It returns "" if there are none.
func proxyAdvice(err *connection.Error) string {
	variable, exclusion := firstSet("HTTPS_PROXY", "https_proxy"), firstSet("NO_PROXY", "no_proxy")
	host := (&url.URL{Host: err.Host}).Hostname()
	switch {
	case err.Proxy != nil:
		return fmt.Sprintf("`%s` sets the proxy `%s` for this host. Check that the proxy is reachable and allows the host. "+
			"To connect without it, add the host to `NO_PROXY`.", variable, err.Proxy)
	case variable == "" || connection.IsLoopback(host): // a loopback address never has a proxy
		return ""
	case exclusion == "":
		return fmt.Sprintf("The provider connects without a proxy, because the value of `%s` is not a URL.", variable)
	}
	return fmt.Sprintf("The provider connects without a proxy, because `%s` excludes this host from the proxy in `%s`.",
		exclusion, variable)
}

// firstSet returns the name of the first environment variable that is not empty, or "" if all are empty.
func firstSet(names ...string) string {
	for _, name := range names {
		if os.Getenv(name) != "" {
			return name
		}
	}
	return ""
}
