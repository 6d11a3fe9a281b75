package paisandbox

import (
	"cmp"
	"slices"
)

// listImageLabelsResponse is the response of ListImageLabels, which has no pages.
type listImageLabelsResponse struct {
	RequestID  string  `json:"RequestId"`
	TotalCount int     `json:"TotalCount"`
	Labels     []Label `json:"Labels"`
}

// listImageLabels returns the distinct labels of the images, in an arbitrary order. ImageId, WorkspaceId and
// LabelFilter select images, and LabelKeys selects labels of these images. The sandbox refuses Region, because the
// request's host name sets the region.
func listImageLabels(x *exchange, _ []Effect) (*Response, *ErrorResponse) {
	p := NewParameters(x.query)
	image, workspace := p.Optional("ImageId"), p.Optional("WorkspaceId")
	filter, keys := p.labels("LabelFilter"), p.list("LabelKeys")
	if errResp := p.Err(); errResp != nil {
		return nil, errResp
	}
	response := listImageLabelsResponse{RequestID: x.requestID, Labels: []Label{}}
	seen, region := map[Label]bool{}, x.region()
	for _, i := range x.sandbox.images.snapshot() {
		if image != "" && i.ImageID.Or("") != image || workspace != "" && i.WorkspaceID.Or("") != workspace ||
			!hasLabels(&i, filter) || !i.isInRegion(region) {
			continue
		}
		for _, label := range i.Labels.Or(nil) {
			if !seen[label] && (keys == nil || slices.Contains(keys, label.Key)) {
				seen[label] = true
				response.Labels = append(response.Labels, label)
			}
		}
	}
	slices.SortFunc(response.Labels, func(a, b Label) int {
		return cmp.Compare(hash(a.Key+"="+a.Value), hash(b.Key+"="+b.Value))
	})
	response.TotalCount = len(response.Labels)
	return x.jsonResponse(response), nil
}
