package signature

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSignatureVectors(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/signature_vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		Origin    string            `json:"origin"`
		Secret    string            `json:"access_key_secret"`
		Method    string            `json:"method"`
		Path      string            `json:"path"`
		Host      string            `json:"host"`
		Action    string            `json:"action"`
		Version   string            `json:"version"`
		Date      string            `json:"date"`
		Nonce     string            `json:"nonce"`
		Query     map[string]string `json:"query"`
		Signature string            `json:"signature"`
	}
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) == 0 {
		t.Fatal("no vectors")
	}
	for _, v := range vectors {
		t.Run(v.Action+" "+v.Signature[:6], func(t *testing.T) {
			t.Parallel()
			query := url.Values{}
			for name, value := range v.Query {
				query.Set(name, value)
			}
			empty := HexSHA256(nil)
			r := &http.Request{Method: v.Method, URL: &url.URL{Path: v.Path}, Host: v.Host, Header: http.Header{
				"X-Acs-Action": {v.Action}, "X-Acs-Version": {v.Version}, "X-Acs-Date": {v.Date},
				"X-Acs-Signature-Nonce": {v.Nonce}, "X-Acs-Content-Sha256": {empty},
			}}
			signed := []string{
				"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version",
			}
			toSign := StringToSign(CanonicalRequest(r, query, signed, empty))
			if got := Sign(v.Secret, toSign); got != v.Signature {
				t.Errorf("%s: got %s, want %s", v.Origin, got, v.Signature)
			}
		})
	}
}

func TestCanonicalRequest(t *testing.T) {
	t.Parallel()
	u, err := url.Parse("http://127.0.0.1/api/v1/images/image-a*b+c%7Ed" +
		"?Name=a%20b&Labels=k%3D*%2Cz%3D~&A=%E5%83%8F&Empty=")
	if err != nil {
		t.Fatal(err)
	}
	r := &http.Request{Method: http.MethodGet, URL: u, Host: "127.0.0.1:80", Header: http.Header{
		"X-Acs-Twice": {" b ", "a"}, "Content-Type": {"application/json"}, "Accept": {"*/*"},
	}}
	got := CanonicalRequest(r, u.Query(), []string{"x-acs-twice", "host", "content-type"}, "hash")
	want := "GET\n/api/v1/images/image-a%2Ab%20c~d\nA=%E5%83%8F&Empty=&Labels=k%3D%2A%2Cz%3D~&Name=a%20b\n" +
		"content-type:application/json\nhost:127.0.0.1:80\nx-acs-twice:a,b\n\ncontent-type;host;x-acs-twice\nhash"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseAuthorization(t *testing.T) {
	t.Parallel()
	const valid = Algorithm + " Credential=id,SignedHeaders=host;x-acs-date,Signature=00ff"
	for header, want := range map[string]bool{
		valid: true,
		Algorithm + " Credential=id, SignedHeaders=host;x-acs-date, Signature=00ff": true,
		"":        false,
		"acs id:": false,
		"ACS3-RSA-SHA256 Credential=id,SignedHeaders=host,Signature=00ff": false,
		Algorithm + " Credential=,SignedHeaders=host,Signature=00ff":      false,
		Algorithm + " Credential=id,SignedHeaders=,Signature=00ff":        false,
		Algorithm + " Credential=id,SignedHeaders=host,Signature=":        false,
		Algorithm + " Credential=id,SignedHeaders=host":                   false,
		Algorithm + " Credential=id,SignedHeaders=host,Signature":         false,
		valid + ",Credential=other":                                       false,
		valid + ",More=1":                                                 false,
	} {
		a, ok := ParseAuthorization(header)
		if ok != want {
			t.Errorf("%q: got ok %t, want %t", header, ok, want)
		}
		if ok && (a.ID != "id" || a.Signature != "00ff" || !slices.Equal(a.Headers, []string{"host", "x-acs-date"})) {
			t.Errorf("%q: got %+v", header, a)
		}
	}
}

// TestRPCSignatureVectors checks the examples in Alibaba Cloud's documentation of RPC APIs and of the SMS service.
func TestRPCSignatureVectors(t *testing.T) {
	t.Parallel()
	for _, v := range []struct{ secret, query, signature string }{
		{
			"testsecret", "AccessKeyId=testid&Action=DescribeDedicatedHosts&Format=JSON&RegionId=cn-beijing" +
				"&SignatureMethod=HMAC-SHA1&SignatureNonce=edb2b34af0af9a6d14deaf7c1a5315eb&SignatureVersion=1.0" +
				"&Timestamp=2023-03-13T08%3A34%3A30Z&Version=2014-05-26",
			"9NaGiOspFP5UPcwX8Iwt2YJXXuk=",
		},
		{
			"testsecret", "Timestamp=2016-02-23T12:46:24Z&Format=XML&AccessKeyId=testid&Action=DescribeRegions" +
				"&SignatureMethod=HMAC-SHA1&SignatureNonce=3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf&Version=2014-05-26" +
				"&SignatureVersion=1.0",
			"OLeaidS1JvxuMvnyHOwuJ+uX5qY=",
		},
		{
			"testSecret", "AccessKeyId=testId&Action=SendSms&Format=XML&OutId=123&PhoneNumbers=15300000001" +
				"&RegionId=cn-hangzhou&SignName=阿里云短信测试专用&SignatureMethod=HMAC-SHA1" +
				"&SignatureNonce=45e25e9b-0a6f-4070-8c85-2956eda1b466&SignatureVersion=1.0&TemplateCode=SMS_71390007" +
				`&TemplateParam={"customer":"test"}&Timestamp=2017-07-12T02:42:19Z&Version=2017-05-25`,
			"zJDF+Lrzhj/ThnlvIToysFRq6t4=",
		},
	} {
		query, err := url.ParseQuery(v.query)
		if err != nil {
			t.Fatal(err)
		}
		if got := SignRPC(v.secret, RPCStringToSign("GET", query)); got != v.signature {
			t.Errorf("%s: got %s, want %s", query.Get("Action"), got, v.signature)
		}
		query.Set("Signature", "ignored")
		if got := SignRPC(v.secret, RPCStringToSign("GET", query)); got != v.signature || !query.Has("Signature") {
			t.Errorf("%s: got %s for parameters that contain a signature", query.Get("Action"), got)
		}
		if got := SignRPC(v.secret, RPCStringToSign("POST", query)); got == v.signature {
			t.Errorf("%s: the method doesn't change the signature", query.Get("Action"))
		}
	}
}
