package paiclient

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// Values of ListImagesInput. Descending is the exact reverse of Ascending, also for images with equal creation times.
const (
	SortByCreated = "GmtCreateTime"
	Ascending     = "ASC"
	Descending    = "DESC"
)

// ListImagesInput has the parameters of ListImages. Empty ones are not sent.
type ListImagesInput struct {
	Name          string            // part of the name
	Query         string            // part of the name or the description
	Labels        map[string]string // all must match; pai.AnyValue matches every value of the key
	ImageURI      string
	WorkspaceID   string // returns this workspace's own images; empty: the official ones
	Accessibility string // PUBLIC or PRIVATE
	SortBy        string // empty: SortByCreated, the only value of the API
	Order         string // empty: Ascending
	Verbose       bool   // with labels
	PageSize      int    // 1 to MaxPageSize; 0: the largest that the service accepts
	PageNumber    int    // only this page, from 1; 0: every page
}

func (in ListImagesInput) order() string { return cmp.Or(in.Order, Ascending) }

// parameters returns the request parameters that are the same for every page. Empty values are omitted, because the API
// would filter by them.
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

// labelsParameter returns the value of the request parameter Labels: `key=value` joined by commas, sorted by key.
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

// CheckLabelKey returns an error if the request parameter Labels, which has no escapes, can't contain the label key.
func CheckLabelKey(key string) error {
	switch {
	case strings.TrimSpace(key) == "":
		return errors.New("the label key is empty")
	case strings.ContainsAny(key, "=,"):
		return fmt.Errorf("label key %q contains \"=\" or \",\", which the API can't filter by", key)
	}
	return nil
}

// CheckLabelValue returns an error if the request parameter Labels, which has no escapes, can't contain the label
// value.
func CheckLabelValue(value string) error {
	switch {
	case strings.TrimSpace(value) == "":
		return errors.New("the label value is empty: use \"*\" to match any value")
	case strings.Contains(value, ","):
		return fmt.Errorf("label value %q contains \",\", which the API can't filter by", value)
	}
	return nil
}
