package paiclient

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"golang.org/x/sync/semaphore"
)

// get asks for one thing until it is there or can't be had, and has decode read the answer, of which it may keep nothing. What
// decode finds broken off is asked for again.
func (c *Client) get(ctx context.Context, action, path string, query url.Values, decode func(*answer) error) error {
	current := &call{
		action: action, path: path, parameters: query, host: c.endpoint.Host, begun: time.Now(),
		source: c.credentials, secrets: c.secrets, pace: c.pace, observer: c.observer,
	}
	ctx = current.within(ctx)

	// A request keeps its place while it waits to try again: what is throttled must not make room for more.
	current.place = &place{of: c.places}
	defer current.place.leave()
	if err := current.inTurn(ctx); err != nil {
		return current.failure(ctx, err)
	}

	address := c.endpoint.JoinPath(path)
	address.RawQuery = query.Encode()
	request, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return current.failure(ctx, err)
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", c.userAgent)
	request.SetResponseHandler(func(response *http.Response) error {
		err := c.read(ctx, response, decode)
		if err == nil {
			current.observe(ctx, response, nil) // of errors, those without an answer among them, checkRetry tells
		}
		return err
	})
	response, err := c.retrying.Do(request)
	if err != nil {
		return current.failure(ctx, err)
	}
	return response.Body.Close()
}

// read reads an answer whole, and has decode make of it what is wanted, or the error that it is.
func (c *Client) read(ctx context.Context, response *http.Response, decode func(*answer) error) error {
	defer func() { _ = response.Body.Close() }() // what matters of it was read
	current := callFrom(ctx)
	if response.StatusCode < 200 || response.StatusCode > 299 {
		refused := c.apiError(current.action, response)
		current.taken(refused)
		return refused
	}
	buffer := buffers.Get().(*bytes.Buffer)
	defer putBuffer(buffer)
	received, err := c.receive(current.action, response, buffer)
	if err != nil {
		return err
	}
	current.place.leave() // whoever waits for it need not wait for the decoding
	err = decode(received)
	current.taken(err) // throttling may come as a success
	return err
}

// place is one request's among those that may be under way at once. It is taken, and left, more than once where what was answered
// is asked for again.
type place struct {
	of    *semaphore.Weighted
	taken bool
}

func (p *place) take(ctx context.Context) error {
	if p.taken {
		return nil
	}
	if err := p.of.Acquire(ctx, 1); err != nil {
		return err
	}
	p.taken = true
	return nil
}

func (p *place) leave() {
	if p.taken {
		p.taken = false
		p.of.Release(1)
	}
}
