package paisandbox

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const defaultPageSize = 20

// listImagesResponse is the response of ListImages: a page of images.
type listImagesResponse struct {
	RequestID  string  `json:"RequestId"`
	TotalCount int     `json:"TotalCount"`
	Images     []Image `json:"Images"`
}

func listImages(x *exchange, effects []Effect) (*Response, *ErrorResponse) {
	q, errResp := parseListQuery(x.query, x.sandbox.maxPageSize)
	if errResp != nil {
		return nil, errResp
	}
	for _, e := range effects {
		if e.query != nil {
			if errResp := e.query(x, &q); errResp != nil {
				return nil, errResp
			}
		}
	}
	page := q.page(x.sandbox.catalogue.find(&q))
	for _, e := range effects {
		if e.page != nil {
			e.page(&page)
		}
	}
	page.RequestID = x.requestID
	return x.jsonResponse(page), nil
}

// listQuery holds the parameters of a ListImages request.
type listQuery struct {
	name, query, imageURI    string
	workspace, accessibility string
	labels                   []Label
	verbose                  bool
	pageNumber, pageSize     int
	requestedSize            int // the page size before it is reduced to the maximum
	sorted, descending       bool
	tieSeed                  string // ShuffleTies sets a different one for each request
}

func parseListQuery(query url.Values, maxPageSize int) (listQuery, *ErrorResponse) {
	p := NewParameters(query)
	q := listQuery{
		name:          p.Optional("Name"),
		query:         p.Optional("Query"),
		imageURI:      p.Optional("ImageUri"),
		workspace:     p.Optional("WorkspaceId"),
		accessibility: p.OneOf("Accessibility", "", "PUBLIC", "PRIVATE"),
		labels:        p.labels("Labels"),
		verbose:       p.Bool("Verbose", false),
		pageNumber:    p.PositiveInt("PageNumber", 1),
		requestedSize: p.PositiveInt("PageSize", defaultPageSize),
		sorted:        p.OneOf("SortBy", "", "GmtCreateTime") != "",
		descending:    p.OneOf("Order", "ASC", "ASC", "DESC") == "DESC",
	}
	q.pageSize = min(q.requestedSize, maxPageSize)
	return q, p.Err()
}

// key returns a string that is the same for all pages of a listing. It contains every parameter except those of the
// page.
func (q *listQuery) key() string {
	shared := *q
	shared.verbose, shared.pageNumber, shared.pageSize, shared.requestedSize = false, 0, 0, 0
	return fmt.Sprintf("%#v", shared)
}

// find returns the matching images in the order of the query. It returns pointers, because copying images is expensive.
func (q *listQuery) find(images []Image) []*Image {
	var matches []*Image
	for i := range images {
		if q.match(&images[i]) {
			matches = append(matches, &images[i])
		}
	}
	return q.sort(matches)
}

// page returns the requested page of the matches.
func (q *listQuery) page(matches []*Image) listImagesResponse {
	from := min((q.pageNumber-1)*q.pageSize, len(matches))
	if q.pageNumber > len(matches)+1 { // the product above may have overflowed
		from = len(matches)
	}
	page := listImagesResponse{TotalCount: len(matches), Images: []Image{}}
	for _, match := range matches[from:min(from+q.pageSize, len(matches))] {
		image := *match
		if !q.verbose {
			image.Labels = Omitted[[]Label]()
		}
		page.Images = append(page.Images, image)
	}
	return page
}

// match reports whether the image matches every filter. The API doesn't document whether its fuzzy filters ignore case,
// or whether ImageUri is an exact filter. The sandbox ignores case and matches substrings, because the result is larger
// and clients must handle it.
func (q *listQuery) match(i *Image) bool {
	if !containsFold(i.Name.Or(""), q.name) || !containsFold(i.ImageURI.Or(""), q.imageURI) {
		return false
	}
	if !containsFold(i.Name.Or(""), q.query) && !containsFold(i.Description.Or(""), q.query) {
		return false
	}
	if q.workspace != "" && i.WorkspaceID.Or("") != q.workspace {
		return false
	}
	if q.accessibility != "" && i.Accessibility.Or("") != q.accessibility {
		return false
	}
	for _, label := range q.labels {
		if !hasLabel(i, label) {
			return false
		}
	}
	return true
}

// containsFold reports whether s contains part, ignoring case.
func containsFold(s, part string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(part))
}

// hasLabel reports whether the image has the label. The value "*" matches every value.
func hasLabel(i *Image, want Label) bool {
	return slices.ContainsFunc(i.Labels.Or(nil), func(l Label) bool {
		return l.Key == want.Key && (want.Value == "*" || l.Value == want.Value)
	})
}

// sort sorts the images by creation time. Images with equal times, and all images without SortBy, are in an arbitrary
// order that is the same at each request. DESC doesn't reverse that order, because the API doesn't document a stable
// order.
func (q *listQuery) sort(images []*Image) []*Image {
	type entry struct {
		image   *Image
		created time.Time
		tie     uint64
	}
	entries := make([]entry, 0, len(images))
	for _, i := range images {
		e := entry{image: i, tie: q.tieBreaker(i)}
		if q.sorted {
			e.created = createdAt(i)
		}
		entries = append(entries, e)
	}
	slices.SortStableFunc(entries, func(a, b entry) int {
		byTime := a.created.Compare(b.created)
		if q.descending {
			byTime = -byTime
		}
		return cmp.Or(byTime, cmp.Compare(a.tie, b.tie))
	})
	sorted := make([]*Image, 0, len(images))
	for _, e := range entries {
		sorted = append(sorted, e.image)
	}
	return sorted
}

// tieBreaker returns a hash that determines the order of images with equal creation times.
func (q *listQuery) tieBreaker(i *Image) uint64 {
	hash := fnv.New64a()
	seed := strconv.FormatBool(q.descending) + q.tieSeed + i.ImageID.Or(i.ImageURI.Or(""))
	_, _ = io.WriteString(hash, seed) // a hash never returns an error
	return hash.Sum64()
}

// createdAt returns the image's creation time, or the zero time if the field is missing or invalid.
func createdAt(i *Image) time.Time {
	t, err := time.Parse(time.RFC3339, strings.TrimSpace(i.GmtCreateTime.Or("")))
	if err != nil {
		return time.Time{}
	}
	return t
}
