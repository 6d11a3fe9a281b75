// Command terraform-provider-pai serves the `pai` provider to Terraform and OpenTofu.
package main

import (
	"flag"
	"fmt"
	"log"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"terraform.local/pai/terraform-provider-pai/internal/build"
	"terraform.local/pai/terraform-provider-pai/internal/provider"
	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// maxWait is less than the two seconds after which Terraform kills a provider that it has asked to end.
const maxWait = 1500 * time.Millisecond

func main() {
	debug := flag.Bool("debug", false, "run under a debugger: print TF_REATTACH_PROVIDERS and wait for Terraform")
	version := flag.Bool("version", false, "print the version and exit")
	flag.Parse()

	if *version {
		fmt.Println(build.String())
		return
	}
	var options []tf6server.ServeOpt
	if *debug {
		options = append(options, tf6server.WithManagedDebug())
	}
	err := tf6server.Serve(build.Address, provider.NewServer(build.Version, build.Commit), options...)
	signin.Wait(maxWait)
	if err != nil {
		log.Fatal(err)
	}
}
