package paisandbox

import (
	"net/url"
	"testing"
)

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
		if got := rpcSign(v.secret, rpcStringToSign("GET", query)); got != v.signature {
			t.Errorf("%s: got %s, want %s", query.Get("Action"), got, v.signature)
		}
		query.Set("Signature", "ignored")
		if got := rpcSign(v.secret, rpcStringToSign("GET", query)); got != v.signature || !query.Has("Signature") {
			t.Errorf("%s: got %s for parameters that contain a signature", query.Get("Action"), got)
		}
		if got := rpcSign(v.secret, rpcStringToSign("POST", query)); got == v.signature {
			t.Errorf("%s: the method doesn't change the signature", query.Get("Action"))
		}
	}
}
