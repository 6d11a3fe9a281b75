package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// listStart is the start of a list of images.
const listStart = `{"TotalCount":1,"Images":[`

// hostileEndpoints are endpoints that send as much as the provider reads. Each function responds to a request.
var hostileEndpoints = map[string]http.HandlerFunc{
	"16 kB of gzip, empty images": compressed(listStart, `{},`, `{}]}`),
	"16 kB of gzip, null labels":  compressed(listStart+`{"ImageId":"one","Labels":[`, `null,`, `null]}]}`),
	"gzip bomb":                   gzipBomb(listStart + `]}`),
	"endless page of images":      endless(http.StatusOK, listStart, `{},`),
	"endless labels of an image":  endless(http.StatusOK, listStart+`{"Labels":[`, `{"Key":"k","Value":"v"},`),
	"endless padding":             endless(http.StatusOK, listStart+`]}`, "          "),
	"endless pages":               pages(1_000_000, labelled(12)),
	"endless pages of IDs":        pages(1_000_000, func(n int) string { return fmt.Sprintf(`{"ImageId":"%d"}`, n) }),
	"2,000 labels of each image":  pages(1_000_000, labelled(2000)),
	"700,000 labels of an image":  pages(1_000_000, labelled(700_000)),
	"descriptions of 150 KiB":     pages(1_000_000, described(150<<10)),
	"descriptions of 15 MiB":      pages(1_000_000, described(15<<20)),
	"endless error":               endless(http.StatusForbidden, `{"Code":"NoPermission","Message":"`, "denied "),
	"error of many members": func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"Code":"NoPermission"`+numbered(90_000, `,"a%d":1`)+"}")
	},
	"header of 10 MB": func(w http.ResponseWriter, _ *http.Request) {
		for i := range 100_000 {
			w.Header().Set("X-Header-"+strconv.Itoa(i), strings.Repeat("x", 90))
		}
		_, _ = io.WriteString(w, listStart+"]}")
	},
}

// largeLists are endpoints with lists that the provider returns to the CLI.
var largeLists = map[string]http.HandlerFunc{
	"10,000 images":               pages(10_000, labelled(12)),
	"200 descriptions of 150 KiB": pages(200, described(150<<10)),
}

// endless sends the start and then the chunk until the client closes the connection.
func endless(status int, start, chunk string) http.HandlerFunc {
	repeated := []byte(strings.Repeat(chunk, max(1, 64<<10/len(chunk))))
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, err := io.WriteString(w, start)
		for err == nil {
			_, err = w.Write(repeated)
		}
	}
}

// compressed sends a body of almost 16 MiB, compressed by gzip: the start, many times the chunk, and the end.
func compressed(start, chunk, end string) http.HandlerFunc {
	body := sync.OnceValue(func() []byte {
		return compress(start + strings.Repeat(chunk, (16<<20-len(start)-len(end))/len(chunk)) + end)
	})
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(body())
	}
}

// gzipBomb sends a body and then compressed spaces until the client closes the connection.
func gzipBomb(body string) http.HandlerFunc {
	spaces := sync.OnceValue(func() []byte { return compress(strings.Repeat(" ", 1<<20)) })
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, err := w.Write(compress(body))
		for err == nil {
			_, err = w.Write(spaces())
		}
	}
}

func compress(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, text) // writes to a buffer don't fail
	_ = z.Close()
	return b.Bytes()
}

// pages sends the requested page of a list of images. image returns the image with the number, which starts at 0.
func pages(total int, image func(number int) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.URL.Query().Get("PageNumber"))
		size, _ := strconv.Atoi(r.URL.Query().Get("PageSize"))
		_, err := fmt.Fprintf(w, `{"TotalCount":%d,"Images":[`, total)
		separator := ""
		for number := (page - 1) * size; number < min(page*size, total) && err == nil; number++ {
			_, err = io.WriteString(w, separator+image(number))
			separator = ","
		}
		_, _ = io.WriteString(w, "]}")
	}
}

// labelled returns a function that returns images like those of the service, with the given number of labels. If there
// are many labels, those of each image differ.
func labelled(labels int) func(number int) string {
	return func(number int) string {
		var b strings.Builder
		tag := fmt.Sprintf("pytorch:2.9.%d-gpu-py312-cu130-ubuntu24.04", number)
		fmt.Fprintf(&b, `{"ImageId":"image-%018d","Name":%q,"Description":"Image %d","Size":4500000000,`+
			`"ImageUri":"dsw-registry.cn-hangzhou.cr.aliyuncs.com/pai/%s","Accessibility":"PUBLIC",`+
			`"GmtCreateTime":"2025-03-04T05:06:07.%03dZ","GmtModifiedTime":"2025-03-04T05:06:07.%03dZ",`+
			`"UserId":"1000000000000001","ParentUserId":"1000000000000001","WorkspaceId":"","SourceType":"",`+
			`"Labels":[{"Key":"system.official","Value":"true"}`, number, tag, number, tag, number%1000, number%1000)
		for label := range labels - 1 {
			if labels > 100 {
				fmt.Fprintf(&b, `,{"Key":"%x"}`, number*labels+label)
				continue
			}
			fmt.Fprintf(&b, `,{"Key":"system.label.%d","Value":"value %d of %d"}`, label, label, number%10)
		}
		return b.String() + "]}"
	}
}

// described returns a function that returns images with different descriptions of the given length.
func described(length int) func(number int) string {
	return func(number int) string {
		return fmt.Sprintf(`{"ImageId":"image-%d","Description":"%09d %s"}`, number, number, strings.Repeat("x", length))
	}
}

// numbered returns the formatted numbers from 0 to count, joined.
func numbered(count int, format string) string {
	var b strings.Builder
	for number := range count {
		fmt.Fprintf(&b, format, number)
	}
	return b.String()
}

// countKeyRequests returns a handler that counts the requests with the access key, and refuses all others.
func countKeyRequests(key string, requests *atomic.Int64, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Authorization"), "Credential="+key+",") {
			http.Error(w, `{"Code":"InvalidAccessKeyId.NotFound"}`, http.StatusForbidden)
			return
		}
		requests.Add(1)
		next.ServeHTTP(w, r)
	})
}
