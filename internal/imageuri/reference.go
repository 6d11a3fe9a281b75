// Package imageuri parses the URIs of container images.
package imageuri

import (
	_ "crypto/sha256" // the library accepts a digest only if its hash function is linked
	_ "crypto/sha512" // for the same reason
	"strings"

	"github.com/distribution/reference"
)

// Reference holds the parts of an image URI, each exactly as in the URI. If the URI omits a part, its field is empty:
// Parse adds no default registry, namespace or tag.
type Reference struct {
	// Registry is the host, and the port if the URI has one.
	Registry string
	// Region and Network are set only for registries of Alibaba Cloud. Network is "public", "vpc" or "internal".
	Region, Network string
	// Repository is the last element of the path. Namespace is the rest of the path, which may contain slashes.
	Namespace, Repository string
	// Tag excludes the ":" before it, and Digest the "@".
	Tag, Digest string
}

// Parse parses an image URI. Its errors state the cause but do not repeat the whole URI.
func Parse(uri string) (Reference, error) {
	p := split(uri)
	if !p.isOrdinary() {
		if err := p.validate(); err != nil {
			return Reference{}, explain(uri, p, err)
		}
	}
	h := parseHost(p.registry)
	ref := Reference{
		Registry: p.registry, Region: h.region, Network: h.network,
		Repository: p.path, Tag: p.tag, Digest: p.digest,
	}
	if slash := strings.LastIndex(p.path, "/"); slash >= 0 {
		ref.Namespace, ref.Repository = p.path[:slash], p.path[slash+1:]
	}
	return ref, nil
}

// FullName returns the URI without its tag and digest.
func (r Reference) FullName() string { return r.nameWithRegistry(r.Registry) }

// Family returns a name of the repository that is the same in every region and network. Two URIs with the same family
// belong to the same repository. The name is only for comparison: images can't be pulled with it.
func (r Reference) Family() string { return r.nameWithRegistry(parseHost(r.Registry).family()) }

func (r Reference) nameWithRegistry(registry string) string {
	name := r.Repository
	for _, prefix := range []string{r.Namespace, registry} {
		if prefix != "" {
			name = prefix + "/" + name
		}
	}
	return name
}

// parts holds the parts of a URI before validation.
type parts struct {
	registry          string
	rest              string // the URI without the registry and its slash
	path, tag, digest string // the parts of rest
	hasTag, hasDigest bool
}

// split splits a URI into its parts, without validation.
func split(uri string) parts {
	p := parts{rest: uri}
	// Docker has the same rule, except that it also reads a first part with capital letters as a registry.
	first, rest, ok := strings.Cut(uri, "/")
	if ok && (first == "localhost" || strings.ContainsAny(first, ".:")) {
		p.registry, p.rest = first, rest
	}
	p.path, p.digest, p.hasDigest = strings.Cut(p.rest, "@")
	p.path, p.tag, p.hasTag = strings.Cut(p.path, ":")
	return p
}

// placeholderHost is added before the path for the library, which would parse the `pai` of `pai/pytorch` as a host.
const placeholderHost = "localhost/"

// validate checks the registry with the library's pattern of a host, and all other parts with the library's parser.
func (p parts) validate() error {
	if p.registry != "" && !hostPattern.MatchString(p.registry) {
		return reference.ErrReferenceInvalidFormat
	}
	if len(p.path) > maxPathLength { // the library also checks this, but only after its slow regular expressions
		return reference.ErrNameTooLong
	}
	_, err := reference.Parse(placeholderHost + p.rest)
	return err
}
