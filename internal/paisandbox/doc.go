// Package paisandbox serves the image API of PAI (AIWorkSpace, version 2021-02-04) from memory over real HTTP, for
// tests.
//
// [Start] starts a [Sandbox] on a free port of this machine. It serves ListImages and GetImage as the API does: it
// checks signatures, applies filters, sorts, splits lists into pages, and responds with the API's errors.
// [Sandbox.Environ] returns the environment that a client needs, and Requests returns what clients sent.
//
// The images are those of [Catalogue], unless [Options] has others. [Official], [Custom] and [Numbered] create images.
// [Sandbox.Put], [Sandbox.Remove], [Sandbox.SetImages] and [Sandbox.Update] change the images at any time.
//
// AddFault adds a [Fault]: an [Effect], such as [Throttle], [Reset] or [EmptyPage], and the requests that it affects.
// [Sandbox.StartChurn] changes the images while clients list them. The [History] of a [Watch] then returns which images
// a listing may and must contain.
//
// Package identity has the servers that issue sessions: STS, a sidecar, instance metadata, SSO, and a proxy that routes
// the names of the real services to them. [Sandbox.StartService] and [StartServer] are for that package.
//
// The sandbox shares no code with the client. Where the API's behaviour is not documented, the sandbox behaves in the
// way that is harder for a client: fuzzy filters ignore case, and images of equal creation time have an arbitrary
// order.
//
// The files to read first are sandbox.go, list_images.go and fault.go. A request passes through exchange.go.
package paisandbox
