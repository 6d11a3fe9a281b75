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
		action: action, parameters: query, host: c.endpoint.Host, begun: time.Now(),
		source: c.credentials, secrets: c.secrets, pace: c.pace, observer: c.observer,
	}
	ctx = current.within(ctx)

	// A request keeps its place while it waits to try again: what is throttled must not make room for more.
	place := place{of: c.places}
	if err := place.take(ctx); err != nil {
		return current.failure(ctx, err)
	}
	defer place.leave()
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
		err := c.read(ctx, response, &place, decode)
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
func (c *Client) read(ctx context.Context, response *http.Response, place *place, decode func(*answer) error) error {
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
	current.taken(nil)
	place.leave() // whoever waits for it need not wait for the decoding
	if err := decode(received); err != nil {
		if left := place.take(ctx); left != nil {
			return left
		}
		return err
	}
	return nil
}

// place is one request's among those that may be under way at once.
type place struct {
	of    *semaphore.Weighted
	taken bool
}

func (p *place) take(ctx context.Context) error {
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
