package paiclient

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
)

// Values of the fields SortBy and Order of ListImagesInput. Descending is the exact reverse of Ascending, also for
// images with equal creation times.
const (
	SortByCreated = "GmtCreateTime"
	Ascending     = "ASC"
	Descending    = "DESC"
)

// ListImagesInput contains the parameters of ListImages. The client doesn't send empty parameters.
type ListImagesInput struct {
	Name          string            // part of the image's name
	Query         string            // part of the image's name or description
	Labels        map[string]string // all must match; pai.AnyValue matches every value of the key
	ImageURI      string
	WorkspaceID   string // selects the workspace's own images; if empty, the API returns the official images
	Accessibility string // PUBLIC or PRIVATE
	SortBy        string // default SortByCreated, the only value that the API supports
	Order         string // default Ascending
	Verbose       bool   // whether the response includes labels
	PageSize      int    // 1 to MaxPageSize; 0 means the first of the default sizes that the service accepts
	PageNumber    int    // number of the only page to list, from 1; 0 means all pages
}

func (in ListImagesInput) order() string { return cmp.Or(in.Order, Ascending) }

// parameters returns the request parameters that are the same for every page. It omits empty values, because the API
// would filter by an empty value.
func (in ListImagesInput) parameters() (url.Values, error) {
	labels, err := labelsParameter(in.Labels)
	if err != nil {
		return nil, err
	}
	parameters := url.Values{"SortBy": {cmp.Or(in.SortBy, SortByCreated)}, "Order": {in.order()}}
	for name, value := range map[string]string{
		"Name": in.Name, "Query": in.Query, "Labels": labels, "ImageUri": in.ImageURI,
		"WorkspaceId": in.WorkspaceID, "Accessibility": in.Accessibility,
	} {
		if value != "" {
			parameters.Set(name, value)
		}
	}
	return parameters, nil
}

// labelsParameter returns the value of the request parameter Labels: `key=value` pairs, sorted by key and separated by
// commas. It returns an error if the parameter can't contain a label.
func labelsParameter(labels map[string]string) (string, error) {
	filters := make([]string, 0, len(labels))
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		if err := errors.Join(CheckLabelKey(key), CheckLabelValue(labels[key])); err != nil {
			return "", err
		}
		filters = append(filters, key+"="+labels[key])
	}
	return strings.Join(filters, ","), nil
}

// CheckLabelKey returns an error if the request parameter Labels can't contain the label key. The syntax of the
// parameter has no escapes for "=" and ",".
func CheckLabelKey(key string) error {
	switch {
	case strings.TrimSpace(key) == "":
		return errors.New("the label key is empty: set a key, or remove the label")
	case strings.ContainsAny(key, "=,"):
		return fmt.Errorf("label key %s contains \"=\" or \",\", which the API can't filter by", hcltext.Quote(key))
	}
	return nil
}

// CheckLabelValue returns an error if the request parameter Labels can't contain the label value. The syntax of the
// parameter has no escape for ",".
func CheckLabelValue(value string) error {
	switch {
	case strings.TrimSpace(value) == "":
		return errors.New("the label value is empty: use \"*\" to match any value")
	case strings.Contains(value, ","):
		return fmt.Errorf("label value %s contains \",\", which the API can't filter by", hcltext.Quote(value))
	}
	return nil
}
