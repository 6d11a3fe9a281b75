// Package paisandbox serves the image API of PAI (AIWorkSpace, version 2021-02-04) from memory over real HTTP, for
// tests.
//
// [Start] starts a [Sandbox] on a free port of this machine. It serves ListImages, GetImage, ListImageLabels,
// ListWorkspaces, GetWorkspace and GetDefaultWorkspace as the API does: it checks signatures, applies filters, sorts,
// splits lists into pages, and responds with the API's errors. [Sandbox.Environ] returns the environment variables that
// a client needs, and [Service.Requests] returns the requests that clients sent.
//
// The sandbox serves the images of [Catalogue] and the workspaces of [Workspaces], unless [Options] sets others. The
// request's host name, such as cn-shanghai.localhost, selects the region whose images it gets.
// [Official], [Custom] and [Numbered] create images. [Sandbox.Put], [Sandbox.Remove], [Sandbox.SetImages] and
// [Sandbox.Update] change the images at any time. [NewWorkspace] and [NumberedWorkspaces] create workspaces, and
// [Sandbox.UpdateWorkspaces] changes them.
//
// [Service.AddFault] adds a [Fault]. A Fault consists of an [Effect], such as [Throttle], [Reset] or [EmptyPage], and
// of a choice of the requests that it affects.
//
// Package churn changes the images or the workspaces while clients list them, and records which of them a listing may
// and must contain.
//
// Package certs issues the certificates of the servers. Package identity contains servers that issue sessions: STS, a
// sidecar, instance metadata and SSO. It also contains a proxy that routes the names of the real services to these
// servers. Package identity uses [Sandbox.StartService] and [StartServer].
//
// The sandbox shares no code with the client. Where the API's behaviour is not documented, the sandbox behaves in the
// way that is harder for a client: fuzzy filters ignore case, and images with equal creation times are in arbitrary
// order.
//
// Read sandbox.go, list.go, list_images.go and fault.go first. exchange.go shows how a request is handled.
package paisandbox
