package paisandbox_test

import (
	"context"
	"fmt"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// A test starts a sandbox with its own images, adds a fault and checks the requests of the client.
func Example() {
	sandbox, err := paisandbox.Start(context.Background(), paisandbox.Options{Catalogue: []paisandbox.Image{
		paisandbox.Official("registry.example.com/pai/pytorch:2.9.1-gpu", paisandbox.L("system.chipType", "GPU")),
		paisandbox.Official("registry.example.com/pai/pytorch:2.9.1-cpu", paisandbox.L("system.chipType", "CPU")),
	}})
	if err != nil {
		panic(err)
	}
	defer func() { _ = sandbox.Close() }()
	sandbox.AddFault(paisandbox.Fault{
		Match: paisandbox.OnAction("ListImages"), Times: 1, Do: paisandbox.EmptyPage(),
	})

	// In a test, the client under test takes the place of callAPI.
	filter := map[string]string{"Labels": "system.chipType=GPU"}
	for range 2 {
		var page struct {
			TotalCount int
			Images     []paisandbox.Image
		}
		if err := callAPI(sandbox, "", "ListImages", "/api/v1/images", filter, &page); err != nil {
			panic(err)
		}
		fmt.Println(page.TotalCount, len(page.Images))
	}
	for _, request := range sandbox.Requests() {
		fmt.Println(request.Action, request.Query.Get("Labels"), request.Status)
	}

	// Output:
	// 1 0
	// 1 1
	// ListImages system.chipType=GPU 200
	// ListImages system.chipType=GPU 200
}
