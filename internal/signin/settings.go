package signin

import (
	"fmt"
	"slices"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// Environment variables of the arguments endpoint and network. The first one that is set is used if the argument is
// unset.
var (
	EndpointVariables = []string{"ALIBABA_CLOUD_ENDPOINT_AIWORKSPACE", "AIWORKSPACE_ENDPOINT"}
	NetworkVariables  = []string{"ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", "ALIBABA_CLOUD_ENDPOINT_TYPE"}
)

// Warning is a warning about the configuration. It contains no secrets.
type Warning struct{ Summary, Detail string }

func (s search) warnf(summary, format string, values ...any) {
	*s.warnings = append(*s.warnings, Warning{summary, fmt.Sprintf(format, values...)})
}

// Region returns the region and the variable that sets it. block is the region in the provider block. If it is not "",
// Region returns it and no variable. isEmpty reports whether the block sets the argument to "".
func Region(block string, isEmpty bool, env Env) (region, variable string, warnings []Warning) {
	s := search{Env: env, warnings: &warnings}
	if isEmpty {
		s.Empty = []string{"region"}
	}
	region, variable = s.fill("region", block)
	if variable != "" && !slices.Contains(Variables("region")[:2], variable) {
		s.warnf("alicloud uses another region", "The region %q comes from %s, which the alicloud provider ignores. Set "+
			"`region` in both provider blocks, or set %s.", region, variable, Variables("region")[0])
	}
	return region, variable, warnings
}

// Network returns the network of the API's endpoint. block is the network in the provider block. If it is "", Network
// returns "vpc" if the first environment variable that is set is "true" or "vpc", and "public" if that variable has
// another value. If none is set, it returns "".
func Network(block string, env Env) string {
	_, value := env.Lookup(NetworkVariables...)
	switch {
	case block != "" || value == "":
		return block
	case strings.EqualFold(value, "true"), strings.EqualFold(value, paiclient.NetworkVPC):
		return paiclient.NetworkVPC
	}
	return paiclient.NetworkPublic
}

// fill returns the block's value of an argument. If that is "", it returns the value of the first variable that is set,
// and the variable. It warns if another variable has a different value, and if the block sets the argument to "".
func (s search) fill(argument, block string) (value, variable string) {
	if block != "" {
		return block, ""
	}
	variables := Variables(argument)
	variable, value = s.Lookup(variables...)
	if variable == "" {
		return "", ""
	}
	for _, other := range s.setVariables(variables) {
		if s.value(other) != value {
			s.warnDiffer(variable, other)
		}
	}
	s.warnEmpty(argument, variable)
	return value, variable
}

func (s search) warnDiffer(used, other string) {
	s.warnf("Environment variables differ", "%s and %s have different values. The provider uses %s, as the alicloud "+
		"provider does. Unset one of them.", used, other, used)
}

// warnEmpty warns that the variable replaces an argument that is "" in the block.
func (s search) warnEmpty(argument, variable string) {
	if slices.Contains(s.Empty, argument) {
		s.warnf("Empty argument replaced by the environment", "`%s` is \"\" in the provider block, so the provider uses %s. "+
			"The alicloud provider ignores the variable of an empty argument. Remove the argument, or unset the variable.",
			argument, variable)
	}
}

// setVariables returns those of the variables that are set.
func (e Env) setVariables(variables []string) []string {
	var set []string
	for _, variable := range variables {
		if e.value(variable) != "" {
			set = append(set, variable)
		}
	}
	return set
}
