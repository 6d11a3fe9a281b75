// Command terraform-provider-pai serves the `pai` provider to Terraform and OpenTofu.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	runtimedebug "runtime/debug"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"terraform.local/pai/terraform-provider-pai/internal/build"
	"terraform.local/pai/terraform-provider-pai/internal/provider"
	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// memoryLimit is the number of bytes from which the garbage collector runs more often. The provider's other limits keep
// the memory in use below it, unless the configuration raises max_concurrency or the CLI runs more than ten lookups.
const memoryLimit = 192 << 20

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
	if _, ok := os.LookupEnv("GOMEMLIMIT"); !ok {
		runtimedebug.SetMemoryLimit(memoryLimit)
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
