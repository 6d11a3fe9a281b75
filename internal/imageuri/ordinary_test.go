package imageuri

import (
	"regexp"
	"strings"
	"testing"
)

// TestIsOrdinary checks which URIs are ordinary. Those that are not ordinary can be valid or not.
func TestIsOrdinary(t *testing.T) {
	t.Parallel()
	longTag, longPath := strings.Repeat("a", maxTagLength), strings.Repeat("a", maxPathLength)
	tests := map[string]bool{
		"dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com:443/pai/a_b.c-d/x:V2.8-gpu_accelerated": true,
		"localhost/x":              true,
		"r:5000/x":                 true,
		"127.0.0.1/x:_":            true,
		"pai/x":                    true,
		"pytorch:2.8":              true,
		"r.example/" + longPath:    true,
		longPath[:100] + "/x":      true,
		"x:" + longTag:             true,
		longPath + "a":             false,
		"r.example/p/" + longPath:  false,
		"x:" + longTag + "a":       false,
		"":                         false,
		"x:":                       false,
		"x:-1":                     false,
		"x:.1":                     false,
		"x:1+2":                    false,
		"x:1@" + sha256:            false,
		"x@":                       false,
		"a__b":                     false,
		"a--b":                     false,
		"x_/y":                     false,
		"pai//x":                   false,
		"X":                        false,
		"R.example/x":              false,
		"r_.example/x":             false,
		"r-.example/x":             false,
		"r..example/x":             false,
		"r.example:/x":             false,
		"r.example:80a/x":          false,
		"r.example:80:80/x":        false,
		"[::1]/x":                  false,
		"x:\u0661":                 false, // a digit, but not an ASCII character
		"r.example:\u0661/pai/x:1": false,
	}
	for uri, want := range tests {
		if got := split(uri).isOrdinary(); got != want {
			t.Errorf("%q is ordinary: got %t, want %t", uri, got, want)
		}
		checkInvariants(t, uri)
	}
}

// TestOrdinaryURIsAreValid checks that the library accepts every ordinary URI of up to six characters.
func TestOrdinaryURIsAreValid(t *testing.T) {
	t.Parallel()
	ordinary := 0
	forEachString("a0A._-/:@", 6, func(uri string) {
		p := split(uri)
		if !p.isOrdinary() {
			return
		}
		ordinary++
		if err := p.validate(); err != nil {
			t.Errorf("%q is ordinary, but the library returns %v", uri, err)
		}
	})
	if ordinary == 0 {
		t.Error("no URI is ordinary")
	}
}

func TestIsRegion(t *testing.T) {
	t.Parallel()
	pattern := regexp.MustCompile(`^[a-z]{2}(?:-[a-z0-9]+)+$`)
	forEachString("az09A-_", 6, func(s string) {
		if got, want := isRegion(s), pattern.MatchString(s); got != want {
			t.Errorf("%q has the form of a region: got %t, want %t", s, got, want)
		}
	})
}

// forEachString calls check with every string of the characters, up to the length.
func forEachString(characters string, length int, check func(string)) {
	var extend func(string)
	extend = func(s string) {
		check(s)
		if len(s) == length {
			return
		}
		for _, c := range characters {
			extend(s + string(c))
		}
	}
	extend("")
}
