package identity

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

func TestSTSErrors(t *testing.T) {
	t.Parallel()
	set := func(name, value string) func(*rpc) {
		return func(r *rpc) { r.query[name] = value }
	}
	form := func(name, value string) func(*rpc) {
		return func(r *rpc) { r.form[name] = value }
	}
	setAfterSigning := func(name, value string) func(*rpc) {
		return func(r *rpc) { r.afterSigning = func() { r.query[name] = value } }
	}
	omitAfterSigning := func(name string) func(*rpc) {
		return func(r *rpc) { r.afterSigning = func() { delete(r.query, name); delete(r.form, name) } }
	}
	withAge := func(age time.Duration) func(*rpc) {
		return set("Timestamp", time.Now().UTC().Add(-age).Format(dateFormat))
	}
	for name, test := range map[string]struct {
		change  func(*rpc)
		options STSOptions
		status  int // 400 if 0
		code    string
	}{
		"wrong secret": {change: func(r *rpc) { r.secret = "guess" }, code: "SignatureDoesNotMatch"},
		"signed for another method": {
			change: func(r *rpc) { r.afterSigning = func() { r.method = http.MethodGet } }, code: "SignatureDoesNotMatch",
		},
		"query changed": {change: setAfterSigning("SignatureNonce", "other"), code: "SignatureDoesNotMatch"},
		"form changed": {
			change: func(r *rpc) { r.afterSigning = func() { r.form["RoleArn"] += "x" } }, code: "SignatureDoesNotMatch",
		},
		"parameter added": {
			change: func(r *rpc) { r.afterSigning = func() { r.form["Policy"] = "{}" } }, code: "SignatureDoesNotMatch",
		},
		"unknown key": {
			change: func(r *rpc) { r.id = "somebody" }, status: 404, code: "InvalidAccessKeyId.NotFound",
		},
		"no key":                  {change: omitAfterSigning("AccessKeyId"), code: "MissingAccessKeyId"},
		"no signature":            {change: omitAfterSigning("Signature"), code: "MissingSignature"},
		"no nonce":                {change: omitAfterSigning("SignatureNonce"), code: "MissingSignatureNonce"},
		"no timestamp":            {change: omitAfterSigning("Timestamp"), code: "MissingTimestamp"},
		"no signature method":     {change: omitAfterSigning("SignatureMethod"), code: "MissingSignatureMethod"},
		"no signature version":    {change: omitAfterSigning("SignatureVersion"), code: "MissingSignatureVersion"},
		"other signature method":  {change: set("SignatureMethod", "HMAC-SHA256"), code: "InvalidParameter.SignatureMethod"},
		"other signature version": {change: set("SignatureVersion", "2.1"), code: "InvalidParameter.SignatureVersion"},
		"date too old":            {change: withAge(16 * time.Minute), code: "InvalidTimeStamp.Expired"},
		"date in the future":      {change: withAge(-16 * time.Minute), code: "InvalidTimeStamp.Expired"},
		"date in another format":  {change: set("Timestamp", "now"), code: "InvalidTimeStamp.Format"},
		"token on static keys":    {change: func(r *rpc) { r.token = "stale" }, code: "InvalidSecurityToken.Malformed"},
		"no action":               {change: omitAfterSigning("Action"), code: "MissingAction"},
		"no version":              {change: omitAfterSigning("Version"), code: "MissingVersion"},
		"unknown action":          {change: set("Action", "GetCallerIdentity"), status: 404, code: "InvalidAction.NotFound"},
		"unknown version":         {change: set("Version", "2020-01-01"), code: "InvalidVersion"},
		"no format":               {change: omitAfterSigning("Format"), code: "MissingFormat"},
		"XML":                     {change: set("Format", "XML"), code: "InvalidParameter.Format"},
		"unknown parameter":       {change: set("Rolearn", "x"), code: "InvalidParameter.Rolearn"},
		"not a form": {
			change: func(r *rpc) { r.contentType = "text/plain" }, code: "InvalidParameter.ContentType",
		},
		"put": {
			change: func(r *rpc) { r.method = http.MethodPut }, status: 405, code: "UnsupportedHTTPMethod",
		},
		"no role":                {change: func(r *rpc) { delete(r.form, "RoleArn") }, code: "MissingRoleArn"},
		"empty role":             {change: form("RoleArn", ""), code: "InvalidParameter.RoleArn"},
		"user instead of a role": {change: form("RoleArn", "acs:ram::1:user/x"), code: "InvalidParameter.RoleArn"},
		"role with a newline":    {change: form("RoleArn", testRole+"\n"), code: "InvalidParameter.RoleArn"},
		"no session name": {
			change: func(r *rpc) { delete(r.form, "RoleSessionName") }, code: "MissingRoleSessionName",
		},
		"odd session name":   {change: form("RoleSessionName", "me and you"), code: "InvalidParameter.RoleSessionName"},
		"short session name": {change: form("RoleSessionName", "x"), code: "InvalidParameter.RoleSessionName"},
		"too short":          {change: form("DurationSeconds", "899"), code: "InvalidParameter.DurationSeconds"},
		"too long":           {change: form("DurationSeconds", "43201"), code: "InvalidParameter.DurationSeconds"},
		"far too long": {
			change: form("DurationSeconds", "9223372036854775807"), code: "InvalidParameter.DurationSeconds",
		},
		"odd duration":           {change: form("DurationSeconds", "1h"), code: "InvalidParameter.DurationSeconds"},
		"policy that isn't JSON": {change: form("Policy", "all"), code: "InvalidParameter.PolicyGrammar"},
		"large policy": {
			change: form("Policy", "{"+strings.Repeat(" ", 2047)+"}"), code: "InvalidParameter.PolicySize",
		},
		"odd external id": {change: form("ExternalId", "a b"), code: "InvalidParameter.ExternalId"},
		"unknown role": {
			options: STSOptions{Roles: []string{"acs:ram::1234:role/other"}}, status: 404, code: "EntityNotExist.Role",
		},
		"no roles":       {options: STSOptions{Roles: []string{}}, status: 404, code: "EntityNotExist.Role"},
		"no external id": {options: STSOptions{ExternalID: "theirs"}, status: 403, code: "NoPermission"},
		"wrong external id": {
			change: form("ExternalId", "ours"), options: STSOptions{ExternalID: "theirs"}, status: 403, code: "NoPermission",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t, paisandbox.Options{})
			sts := startSTS(t, s, test.options)
			r := newRPC(sts)
			if test.change != nil {
				test.change(r)
			}
			if test.status == 0 {
				test.status = http.StatusBadRequest
			}
			got := r.send(t)
			if e := got.errorBody(t); e.Code != test.code || got.StatusCode != test.status || e.HostId != sts.Host() {
				t.Errorf("%d %+v, want %d %s from %s", got.StatusCode, e, test.status, test.code, sts.Host())
			}
			if len(s.Sessions()) != 0 {
				t.Error("a session was issued")
			}
		})
	}
}

func TestSTSAcceptsLimits(t *testing.T) {
	t.Parallel()
	sts := startSTS(t, startSandbox(t, paisandbox.Options{}), STSOptions{
		Roles: []string{"acs:ram::1:role/other", testRole}, ExternalID: "theirs",
	})
	r := newRPC(sts)
	r.form["ExternalId"] = "theirs"
	r.session(t)
	s := startSandbox(t, paisandbox.Options{})
	for _, change := range []func(*rpc){
		func(r *rpc) { r.form["Policy"] = "{" + strings.Repeat(" ", 2046) + "}" },
		func(r *rpc) { r.form["DurationSeconds"] = "43200" },
		func(r *rpc) { r.form["RoleSessionName"] = "a.b@c-d_E9" },
		func(r *rpc) { r.query["Timestamp"] = time.Now().UTC().Add(-14 * time.Minute).Format(dateFormat) },
		func(r *rpc) { r.contentType = "application/x-www-form-urlencoded; charset=utf-8" },
	} {
		r := newRPC(startSTS(t, s, STSOptions{}))
		change(r)
		r.session(t)
	}
}
