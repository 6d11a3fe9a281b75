package identity

import (
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

func TestSTSFaults(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		do       paisandbox.Effect
		status   int
		body     string // part of it
		sessions int
	}{
		"error":            {paisandbox.APIError(403, "NoPermission", "no"), 403, `"Code":"NoPermission","Message":"no"`, 0},
		"no credentials":   {paisandbox.OmitMember("Credentials"), 200, `"RequestId":"`, 1},
		"null credentials": {paisandbox.SetMember(nil, "Credentials"), 200, `"Credentials":null`, 1},
		"no expiration":    {paisandbox.OmitMember("Credentials", "Expiration"), 200, `"SecurityToken":"CAIS`, 1},
		"null":             {paisandbox.Body(200, "null"), 200, "null", 0},
		"a page":           {paisandbox.ServerError(502), 502, "<html>", 0},
		"redirect":         {paisandbox.RedirectWithBody("https://127.0.0.1:1/"), 307, "", 0},
		"other secret": {
			paisandbox.SetMember("other", "Credentials", "AccessKeySecret"), 200, `"AccessKeySecret":"other"`, 1,
		},
		"not in the answer": {paisandbox.OmitMember("OIDCTokenInfo", "Subject"), 200, `"Expiration":"`, 1},
		"nothing":           {paisandbox.OmitMember(), 200, `"Expiration":"`, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t, paisandbox.Options{})
			sts := startSTS(t, s, STSOptions{})
			sts.AddFault(paisandbox.Fault{Match: paisandbox.OnParameter("RoleArn", testRole), Times: 2, Do: tt.do})
			for range 2 {
				a := newRPC(sts).ask(t)
				if a.StatusCode != tt.status || !strings.Contains(string(a.body), tt.body) {
					t.Errorf("got %s %s", a.Status, a.body)
				}
				if strings.HasPrefix(name, "no ") && strings.Contains(string(a.body), strings.ToTitle(name[3:4])+name[4:]) {
					t.Errorf("still there: %s", a.body)
				}
			}
			if got := len(s.Sessions()); got != 2*tt.sessions {
				t.Errorf("%d sessions were handed out", got)
			}
			newRPC(sts).session(t)
			sts.AddFault(paisandbox.Fault{Match: paisandbox.OnParameter("RoleArn", "other"), Do: tt.do})
			newRPC(sts).session(t)
		})
	}
}

func TestLeaveOutLeavesWhatIsNoObject(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"[]", "null", "<p>", `{"Credentials":"x"}`} {
		sts := startSTS(t, startSandbox(t, paisandbox.Options{}), STSOptions{})
		sts.AddFault(paisandbox.Fault{Do: paisandbox.Body(200, body)})
		sts.AddFault(paisandbox.Fault{Do: paisandbox.OmitMember("Credentials", "Expiration")})
		if a := newRPC(sts).ask(t); string(a.body) != body {
			t.Errorf("%s has become %s", body, a.body)
		}
	}
}
