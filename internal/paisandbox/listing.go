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

// listQuery is what a ListImages request asks for.
type listQuery struct {
	name, text, imageURI  string
	workspace, visibility string
	labels                []Label
	verbose               bool
	pageNumber, pageSize  int
	askedSize             int // page size before the clamp
	sorted, descending    bool
	tieSeed               string // differs from request to request only under ShuffleTies
}

func parseListQuery(query url.Values, maxPageSize int) (listQuery, *Refusal) {
	p := NewParameters(query)
	q := listQuery{
		name:       p.Optional("Name"),
		text:       p.Optional("Query"),
		imageURI:   p.Optional("ImageUri"),
		workspace:  p.Optional("WorkspaceId"),
		visibility: p.OneOf("Accessibility", "", "PUBLIC", "PRIVATE"),
		labels:     p.labels("Labels"),
		verbose:    p.Bool("Verbose", false),
		pageNumber: p.PositiveInt("PageNumber", 1),
		askedSize:  p.PositiveInt("PageSize", defaultPageSize),
		sorted:     p.OneOf("SortBy", "", "GmtCreateTime") != "",
		descending: p.OneOf("Order", "ASC", "ASC", "DESC") == "DESC",
	}
	q.pageSize = min(q.askedSize, maxPageSize)
	return q, p.Finish()
}

// key is what the query's result depends on, beside the catalogue: all but the page.
func (q *listQuery) key() string {
	same := *q
	same.verbose, same.pageNumber, same.pageSize, same.askedSize = false, 0, 0, 0
	return fmt.Sprintf("%#v", same)
}

// find filters and orders.
func (q *listQuery) find(images []Image) []*Image {
	var found []*Image // an image is large to copy, and a page is made of few
	for i := range images {
		if q.matches(&images[i]) {
			found = append(found, &images[i])
		}
	}
	return q.ordered(found)
}

// page cuts a page out of what was found.
func (q *listQuery) page(found []*Image) listImagesResponse {
	from := min((q.pageNumber-1)*q.pageSize, len(found))
	if q.pageNumber > len(found)+1 { // the product above may overflow
		from = len(found)
	}
	answer := listImagesResponse{TotalCount: len(found), Images: []Image{}}
	for _, pointer := range found[from:min(from+q.pageSize, len(found))] {
		image := *pointer
		if !q.verbose {
			image.Labels = Omitted[[]Label]()
		}
		answer.Images = append(answer.Images, image)
	}
	return answer
}

// matches is fuzzy without regard to case. Whether the service regards case, and whether it takes ImageUri as exact,
// is not published: the wider answer is the one that a client must be able to live with.
func (q *listQuery) matches(i *Image) bool {
	if !containsFold(i.Name.Or(""), q.name) || !containsFold(i.ImageURI.Or(""), q.imageURI) {
		return false
	}
	if !containsFold(i.Name.Or(""), q.text) && !containsFold(i.Description.Or(""), q.text) {
		return false
	}
	if q.workspace != "" && i.WorkspaceID.Or("") != q.workspace {
		return false
	}
	if q.visibility != "" && i.Accessibility.Or("") != q.visibility {
		return false
	}
	for _, condition := range q.labels {
		if !hasLabel(i, condition) {
			return false
		}
	}
	return true
}

func containsFold(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

// hasLabel takes the value * for "has this key".
func hasLabel(i *Image, condition Label) bool {
	return slices.ContainsFunc(i.Labels.Or(nil), func(l Label) bool {
		return l.Key == condition.Key && (condition.Value == "*" || l.Value == condition.Value)
	})
}

// ordered sorts by creation time. Among equal times, and without SortBy, the order is arbitrary but the same at each
// request, and not reversed by DESC: the service promises none.
func (q *listQuery) ordered(images []*Image) []*Image {
	type position struct {
		image *Image
		at    time.Time
		tie   uint64
	}
	positions := make([]position, 0, len(images))
	for _, i := range images {
		p := position{image: i, tie: q.tie(i)}
		if q.sorted {
			p.at = created(i)
		}
		positions = append(positions, p)
	}
	slices.SortStableFunc(positions, func(a, b position) int {
		byTime := a.at.Compare(b.at)
		if q.descending {
			byTime = -byTime
		}
		return cmp.Or(byTime, cmp.Compare(a.tie, b.tie))
	})
	sorted := make([]*Image, 0, len(images))
	for _, p := range positions {
		sorted = append(sorted, p.image)
	}
	return sorted
}

// tie is where an image stands among others of its time.
func (q *listQuery) tie(i *Image) uint64 {
	hash := fnv.New64a()
	_, _ = io.WriteString(hash, strconv.FormatBool(q.descending)+q.tieSeed+i.ImageID.Or(i.ImageURI.Or(""))) // never fails
	return hash.Sum64()
}

// created is the zero time where an image has none that can be read.
func created(i *Image) time.Time {
	t, err := time.Parse(time.RFC3339, strings.TrimSpace(i.GmtCreateTime.Or("")))
	if err != nil {
		return time.Time{}
	}
	return t
}
