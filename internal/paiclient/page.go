package paiclient

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
)

const (
	imagesPath       = "/api/v1/images"
	listImagesAction = "ListImages"
)

// page is one page of a listing as the API gave it.
type page struct {
	images []Image
	total  *int64 // what the API counts over all pages; nil where it gives no count
}

// pageQuery says which page is meant.
type pageQuery struct {
	number  int // from 1
	size    int
	verbose bool // with labels
}

// page fetches one page.
func (c *Client) page(ctx context.Context, input ListImagesInput, wanted pageQuery) (page, error) {
	query, err := input.query()
	if err != nil {
		return page{}, err
	}
	query.Set("PageNumber", strconv.Itoa(wanted.number))
	query.Set("PageSize", strconv.Itoa(wanted.size))
	query.Set("Verbose", strconv.FormatBool(wanted.verbose))

	var got page
	err = c.get(ctx, listImagesAction, imagesPath, query, func(response *http.Response) error {
		var body struct {
			Images     *[]Image        `json:"Images"`
			TotalCount *int64          `json:"TotalCount"`
			Code       json.RawMessage `json:"Code"`
			Message    json.RawMessage `json:"Message"`
			RequestID  string          `json:"RequestId"`
		}
		if err := c.decode(listImagesAction, response, &body); err != nil {
			return err
		}
		if body.Images == nil && body.TotalCount == nil {
			return c.notTheAnswer(listImagesAction, response, body.RequestID, body.Code, body.Message)
		}
		got = page{total: body.TotalCount}
		if body.Images != nil {
			got.images = *body.Images
		}
		for i := range got.images {
			got.images[i].trim()
		}
		return nil
	})
	return got, err
}

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

// decode reads the JSON of an answer into the value. An answer that broke off gives an error that is io.ErrUnexpectedEOF,
// a connection that broke gives the connection's own, and one that holds something else is a ResponseError.
func (c *Client) decode(action string, response *http.Response, into any) error {
	err := json.NewDecoder(response.Body).Decode(into)
	if err == nil {
		// Read to the end, or the connection can't serve the next request.
		_, err = io.Copy(io.Discard, response.Body)
	}
	var (
		network net.Error
		tooLong *http.MaxBytesError
	)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &network):
		return err
	case errors.Is(err, io.EOF):
		err = io.ErrUnexpectedEOF
	case errors.As(err, &tooLong):
		err = errors.New("it is longer than " + strconv.FormatInt(tooLong.Limit>>20, 10) + " MiB")
	}
	return c.unreadable(action, response, "", err)
}

// notTheAnswer is the error for JSON that is something else: an error that came as a success, or another thing.
func (c *Client) notTheAnswer(action string, response *http.Response, requestID string, code, message json.RawMessage) error {
	if text := jsonText(code); text != "" {
		return &APIError{
			Action: action, Host: c.endpoint.Host, Status: response.StatusCode, Kind: kindOf(text, response.StatusCode),
			Code: c.secrets.Clean(text), Message: c.secrets.Clean(jsonText(message)), RequestID: c.secrets.Clean(requestID),
		}
	}
	return c.unreadable(action, response, requestID, errors.New("it is JSON, but holds none of the fields of this answer"))
}

func (c *Client) unreadable(action string, response *http.Response, requestID string, err error) error {
	if requestID == "" {
		requestID = response.Header.Get("x-acs-request-id")
	}
	return &ResponseError{
		Action: action, Host: c.endpoint.Host, Status: response.StatusCode, RequestID: c.secrets.Clean(requestID),
		Err: &cleanError{text: c.secrets.Clean(err.Error()), err: err},
	}
}
