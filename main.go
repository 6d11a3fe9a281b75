// Command terraform-provider-pai serves the `pai` provider to Terraform and OpenTofu.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"terraform.local/pai/terraform-provider-pai/internal/build"
	"terraform.local/pai/terraform-provider-pai/internal/provider"
)

func main() {
	debug := flag.Bool("debug", false, "serve to a debugger: print TF_REATTACH_PROVIDERS and wait")
	version := flag.Bool("version", false, "print the version and exit")
	flag.Parse()

	if *version {
		fmt.Println(build.String())
		return
	}
	err := providerserver.Serve(context.Background(), provider.New(build.Version), providerserver.ServeOpts{
		Address: build.Address,
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}
