// Package imageuri reads the URIs of container images.
package imageuri

import (
	_ "crypto/sha256" // a reference with a digest is only read where its hash is linked in
	_ "crypto/sha512" // as above
	"strings"

	"github.com/distribution/reference"
)

// Reference is an image's URI in its parts, each as it is written there. A part that isn't in the URI is empty: there is
// no default registry, namespace or tag.
type Reference struct {
	// Registry is the host, with its port if one is given.
	Registry string
	// Region and Network tell where a registry of Alibaba Cloud is and from where it is reached: "public", "vpc" or
	// "internal". Both are empty for other registries.
	Region, Network string
	// Namespace is all of the path but its last part, and may have slashes in it. Repository is the last part.
	Namespace, Repository string
	// Tag and Digest come without the ":" and the "@" before them.
	Tag, Digest string
}

// Parse takes a URI apart. The error says what is wrong in words that fit behind `"x:" is not the URI of an image: `.
func Parse(uri string) (Reference, error) {
	p := cut(uri)
	if err := p.check(); err != nil {
		return Reference{}, explain(uri, p, err)
	}
	at := locate(p.registry)
	result := Reference{
		Registry: p.registry, Region: at.region, Network: at.network,
		Repository: p.path, Tag: p.tag, Digest: p.digest,
	}
	if slash := strings.LastIndex(p.path, "/"); slash >= 0 {
		result.Namespace, result.Repository = p.path[:slash], p.path[slash+1:]
	}
	return result, nil
}

// FullName is what stands before the tag and the digest.
func (r Reference) FullName() string { return r.name(r.Registry) }

// Family names the repository whatever the region and the network that it is served from: two URIs of one family hold the
// same images. It is for comparing; nothing is served under it.
func (r Reference) Family() string { return r.name(locate(r.Registry).anywhere) }

func (r Reference) name(registry string) string {
	name := r.Repository
	for _, before := range []string{r.Namespace, registry} {
		if before != "" {
			name = before + "/" + name
		}
	}
	return name
}

// pieces are a text cut where the parts of a URI would meet.
type pieces struct {
	registry          string
	rest              string // all that follows the registry
	path, tag, digest string // of the rest
	hasTag, hasDigest bool
}

func cut(uri string) pieces {
	p := pieces{rest: uri}
	// `pai/pytorch` has no registry. The rule is Docker's, but that capital letters alone make no registry.
	first, rest, ok := strings.Cut(uri, "/")
	if ok && (first == "localhost" || strings.ContainsAny(first, ".:")) {
		p.registry, p.rest = first, rest
	}
	p.path, p.digest, p.hasDigest = strings.Cut(p.rest, "@")
	p.path, p.tag, p.hasTag = strings.Cut(p.path, ":")
	return p
}

// standIn is a host to have a path read behind: without one, the library takes the `pai` of `pai/pytorch` for a host.
const standIn = "localhost/"

// check asks the library whether the pieces are the parts of a reference.
func (p pieces) check() error {
	if p.registry != "" && !hostForm.MatchString(p.registry) {
		return reference.ErrReferenceInvalidFormat
	}
	_, err := reference.Parse(standIn + p.rest)
	return err
}
