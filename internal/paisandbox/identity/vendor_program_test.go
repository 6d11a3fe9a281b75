package identity_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/tea/dara"
	"github.com/aliyun/credentials-go/credentials/providers"
)

// asProgram makes the test binary a program that signs in with the vendor's library and lists images with its client:
// both read SSL_CERT_FILE and the proxies of the environment once in the life of a process.
const asProgram = "PAISANDBOX_TEST_AS_PROGRAM"

// apiHost is where the program looks for the API, through the proxy.
const apiHost = "aiworkspace.cn-hangzhou.aliyuncs.com"

func TestMain(m *testing.M) {
	if settings := os.Getenv(asProgram); settings != "" {
		if err := program(settings); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// signIn is one way to sign in, and what it needs.
type signIn struct {
	Way     string
	Host    string // of STS; empty: as the library finds it by region and VPC
	Region  string
	VPC     bool
	ID      string
	Key     string // its secret
	Token   string // of a session
	Role    string // ARN, or the name of an instance's role
	OIDC    string // token
	URL     string
	File    string // of the CLI's profiles
	Profile string
	NoV1    bool // IMDSv1 disabled
}

func (s signIn) provider() (providers.CredentialsProvider, error) {
	switch s.Way {
	case "role":
		return providers.NewRAMRoleARNCredentialsProviderBuilder().
			WithAccessKeyId(s.ID).WithAccessKeySecret(s.Key).WithSecurityToken(s.Token).
			WithRoleArn(s.Role).WithRoleSessionName("program").WithPolicy(`{"Version":"1","Statement":[]}`).WithExternalId("theirs").
			WithDurationSeconds(1200).WithStsEndpoint(s.Host).WithStsRegionId(s.Region).WithEnableVpc(s.VPC).Build()
	case "oidc":
		return providers.NewOIDCCredentialsProviderBuilder().
			WithOIDCToken(s.OIDC).WithOIDCProviderARN("acs:ram::1234:oidc-provider/ci").
			WithRoleArn(s.Role).WithRoleSessionName("program").WithDurationSeconds(1200).
			WithSTSEndpoint(s.Host).WithStsRegionId(s.Region).WithEnableVpc(s.VPC).Build()
	case "uri":
		return providers.NewURLCredentialsProviderBuilder().WithUrl(s.URL).Build()
	case "instance":
		return providers.NewECSRAMRoleCredentialsProviderBuilder().WithRoleName(s.Role).WithDisableIMDSv1(s.NoV1).Build()
	case "profile":
		return providers.NewCLIProfileCredentialsProviderBuilder().WithProfileFile(s.File).WithProfileName(s.Profile).Build()
	}
	return nil, fmt.Errorf("no way to sign in: %s", s.Way)
}

// program says with which key it listed how many images.
func program(settings string) error {
	var s signIn
	if err := json.Unmarshal([]byte(settings), &s); err != nil {
		return err
	}
	provider, err := s.provider()
	if err != nil {
		return err
	}
	got, err := provider.GetCredentials()
	if err != nil {
		return err
	}
	client, err := openapi.NewClient(&openapi.Config{
		AccessKeyId: &got.AccessKeyId, AccessKeySecret: &got.AccessKeySecret, SecurityToken: &got.SecurityToken,
		Endpoint: dara.String(apiHost), Protocol: dara.String("https"),
	})
	if err != nil {
		return err
	}
	result, err := client.CallApi(&openapi.Params{
		Action: dara.String("ListImages"), Version: dara.String("2021-02-04"), Pathname: dara.String("/api/v1/images"),
		Method: dara.String("GET"), Style: dara.String("ROA"), AuthType: dara.String("AK"),
		Protocol: dara.String("https"), ReqBodyType: dara.String("json"), BodyType: dara.String("json"),
	}, &openapi.OpenApiRequest{}, &dara.RuntimeOptions{})
	if err != nil {
		return err
	}
	fmt.Printf("%s %v", got.AccessKeyId, result["body"].(map[string]any)["TotalCount"])
	return nil
}
