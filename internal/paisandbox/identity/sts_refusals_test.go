package identity

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

func TestRequestsThatSTSRefuses(t *testing.T) {
	t.Parallel()
	set := func(name, value string) func(*rpc) {
		return func(r *rpc) { r.common[name] = value }
	}
	form := func(name, value string) func(*rpc) {
		return func(r *rpc) { r.form[name] = value }
	}
	late := func(name, value string) func(*rpc) {
		return func(r *rpc) { r.signed = func() { r.common[name] = value } }
	}
	without := func(name string) func(*rpc) {
		return func(r *rpc) { r.signed = func() { delete(r.common, name); delete(r.form, name) } }
	}
	dated := func(age time.Duration) func(*rpc) {
		return set("Timestamp", time.Now().UTC().Add(-age).Format(dateFormat))
	}
	for name, tt := range map[string]struct {
		bend    func(*rpc)
		options STSOptions
		status  int // 0: 400
		code    string
	}{
		"wrong secret": {bend: func(r *rpc) { r.secret = "guess" }, code: "SignatureDoesNotMatch"},
		"signed for another verb": {
			bend: func(r *rpc) { r.signed = func() { r.method = http.MethodGet } }, code: "SignatureDoesNotMatch",
		},
		"query changed": {bend: late("SignatureNonce", "other"), code: "SignatureDoesNotMatch"},
		"form changed": {
			bend: func(r *rpc) { r.signed = func() { r.form["RoleArn"] += "x" } }, code: "SignatureDoesNotMatch",
		},
		"parameter added": {
			bend: func(r *rpc) { r.signed = func() { r.form["Policy"] = "{}" } }, code: "SignatureDoesNotMatch",
		},
		"unknown key": {
			bend: func(r *rpc) { r.id = "somebody" }, status: 404, code: "InvalidAccessKeyId.NotFound",
		},
		"no key":                  {bend: without("AccessKeyId"), code: "MissingAccessKeyId"},
		"no signature":            {bend: without("Signature"), code: "MissingSignature"},
		"no nonce":                {bend: without("SignatureNonce"), code: "MissingSignatureNonce"},
		"no timestamp":            {bend: without("Timestamp"), code: "MissingTimestamp"},
		"no signature method":     {bend: without("SignatureMethod"), code: "MissingSignatureMethod"},
		"no signature version":    {bend: without("SignatureVersion"), code: "MissingSignatureVersion"},
		"other signature method":  {bend: set("SignatureMethod", "HMAC-SHA256"), code: "InvalidParameter.SignatureMethod"},
		"other signature version": {bend: set("SignatureVersion", "2.1"), code: "InvalidParameter.SignatureVersion"},
		"date too old":            {bend: dated(16 * time.Minute), code: "InvalidTimeStamp.Expired"},
		"date to come":            {bend: dated(-16 * time.Minute), code: "InvalidTimeStamp.Expired"},
		"date in another form":    {bend: set("Timestamp", "now"), code: "InvalidTimeStamp.Format"},
		"token on static keys":    {bend: func(r *rpc) { r.token = "stale" }, code: "InvalidSecurityToken.Malformed"},
		"no action":               {bend: without("Action"), code: "MissingAction"},
		"no version":              {bend: without("Version"), code: "MissingVersion"},
		"unknown action":          {bend: set("Action", "GetCallerIdentity"), status: 404, code: "InvalidAction.NotFound"},
		"unknown version":         {bend: set("Version", "2020-01-01"), code: "InvalidVersion"},
		"no format":               {bend: without("Format"), code: "MissingFormat"},
		"XML":                     {bend: set("Format", "XML"), code: "InvalidParameter.Format"},
		"unknown parameter":       {bend: set("Rolearn", "x"), code: "InvalidParameter.Rolearn"},
		"no form":                 {bend: func(r *rpc) { r.kind = "text/plain" }, code: "InvalidParameter.ContentType"},
		"put": {
			bend: func(r *rpc) { r.method = http.MethodPut }, status: 405, code: "UnsupportedHTTPMethod",
		},
		"no role":              {bend: func(r *rpc) { delete(r.form, "RoleArn") }, code: "MissingRoleArn"},
		"empty role":           {bend: form("RoleArn", ""), code: "InvalidParameter.RoleArn"},
		"user for a role":      {bend: form("RoleArn", "acs:ram::1:user/x"), code: "InvalidParameter.RoleArn"},
		"role with a line end": {bend: form("RoleArn", testRole+"\n"), code: "InvalidParameter.RoleArn"},
		"no session name":      {bend: func(r *rpc) { delete(r.form, "RoleSessionName") }, code: "MissingRoleSessionName"},
		"odd session name":     {bend: form("RoleSessionName", "me and you"), code: "InvalidParameter.RoleSessionName"},
		"short session name":   {bend: form("RoleSessionName", "x"), code: "InvalidParameter.RoleSessionName"},
		"too short":            {bend: form("DurationSeconds", "899"), code: "InvalidParameter.DurationSeconds"},
		"too long":             {bend: form("DurationSeconds", "43201"), code: "InvalidParameter.DurationSeconds"},
		"far too long": {
			bend: form("DurationSeconds", "9223372036854775807"), code: "InvalidParameter.DurationSeconds",
		},
		"odd duration":        {bend: form("DurationSeconds", "1h"), code: "InvalidParameter.DurationSeconds"},
		"policy that is none": {bend: form("Policy", "all"), code: "InvalidParameter.PolicyGrammar"},
		"large policy": {
			bend: form("Policy", "{"+strings.Repeat(" ", 2047)+"}"), code: "InvalidParameter.PolicySize",
		},
		"odd external id": {bend: form("ExternalId", "a b"), code: "InvalidParameter.ExternalId"},
		"role that isn't there": {
			options: STSOptions{Roles: []string{"acs:ram::1234:role/other"}}, status: 404, code: "EntityNotExist.Role",
		},
		"no role is there": {options: STSOptions{Roles: []string{}}, status: 404, code: "EntityNotExist.Role"},
		"no external id":   {options: STSOptions{ExternalID: "theirs"}, status: 403, code: "NoPermission"},
		"wrong external id": {
			bend: form("ExternalId", "ours"), options: STSOptions{ExternalID: "theirs"}, status: 403, code: "NoPermission",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t, paisandbox.Options{})
			sts := startSTS(t, s, tt.options)
			r := newRPC(sts)
			if tt.bend != nil {
				tt.bend(r)
			}
			if tt.status == 0 {
				tt.status = http.StatusBadRequest
			}
			a := r.ask(t)
			if e := a.errorBody(t); e.Code != tt.code || a.StatusCode != tt.status || e.HostId != sts.Host() {
				t.Errorf("got %d %s (%s) of %s, want %d %s", a.StatusCode, e.Code, e.Message, e.HostId, tt.status, tt.code)
			}
			if len(s.Sessions()) != 0 {
				t.Error("a session was handed out")
			}
		})
	}
}

func TestOptionsOfSTSLetIn(t *testing.T) {
	t.Parallel()
	sts := startSTS(
		t, startSandbox(t, paisandbox.Options{}),
		STSOptions{Roles: []string{"acs:ram::1:role/other", testRole}, ExternalID: "theirs"},
	)
	r := newRPC(sts)
	r.form["ExternalId"] = "theirs"
	r.session(t)
	s := startSandbox(t, paisandbox.Options{})
	for _, bend := range []func(*rpc){
		func(r *rpc) { r.form["Policy"] = "{" + strings.Repeat(" ", 2046) + "}" },
		func(r *rpc) { r.form["DurationSeconds"] = "43200" },
		func(r *rpc) { r.form["RoleSessionName"] = "a.b@c-d_E9" },
		func(r *rpc) { r.common["Timestamp"] = time.Now().UTC().Add(-14 * time.Minute).Format(dateFormat) },
		func(r *rpc) { r.kind = "application/x-www-form-urlencoded; charset=utf-8" },
	} {
		r := newRPC(startSTS(t, s, STSOptions{}))
		bend(r)
		r.session(t)
	}
}
