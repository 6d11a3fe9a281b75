package paiclient

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Orders of a listing by creation time. Descending is the exact reverse of ascending, equal times included.
const (
	SortByCreated = "GmtCreateTime"
	Ascending     = "ASC"
	Descending    = "DESC"
)

// ListImagesInput are the parameters of ListImages under the API's names. An empty one is not sent.
type ListImagesInput struct {
	Name          string            // part of the name
	Query         string            // part of the name or the description
	Labels        map[string]string // all must hold; pai.AnyValue: has the key
	ImageURI      string
	WorkspaceID   string // this workspace's own images; empty finds the official ones
	Accessibility string // PUBLIC or PRIVATE
	SortBy        string // empty: SortByCreated, the API's only one
	Order         string // empty: Ascending
	Verbose       bool   // with labels
	PageSize      int    // 1 to MaxPageSize; 0: the largest that the service takes
	PageNumber    int    // only this page, from 1; 0: every page
}

func (input ListImagesInput) sortBy() string { return cmp.Or(input.SortBy, SortByCreated) }
func (input ListImagesInput) order() string  { return cmp.Or(input.Order, Ascending) }

// query gives the parameters that are the same for every page. An unset one is left out: the API takes an empty one
// for a condition.
func (input ListImagesInput) query() (url.Values, error) {
	labels, err := labelFilter(input.Labels)
	if err != nil {
		return nil, err
	}
	query := url.Values{"SortBy": {input.sortBy()}, "Order": {input.order()}}
	for name, value := range map[string]string{
		"Name": input.Name, "Query": input.Query, "Labels": labels, "ImageUri": input.ImageURI,
		"WorkspaceId": input.WorkspaceID, "Accessibility": input.Accessibility,
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query, nil
}

// String names the parameters that are sent for every page, for errors: `Labels = "system.official=true", Name = "pytorch"`.
func (input ListImagesInput) String() string {
	query, err := input.query()
	if err != nil {
		return err.Error()
	}
	if input.PageNumber > 0 {
		query.Set("PageNumber", strconv.Itoa(input.PageNumber))
	}
	if input.PageSize > 0 {
		query.Set("PageSize", strconv.Itoa(input.PageSize))
	}
	said := make([]string, 0, len(query))
	for _, name := range slices.Sorted(maps.Keys(query)) {
		said = append(said, fmt.Sprintf("%s = %q", name, query.Get(name)))
	}
	return strings.Join(said, ", ")
}
