// Package wire sends and receives messages of Terraform's plugin protocol as bytes. It doesn't decode them, so it works
// with every version of the schema.
package wire

import (
	"context"
	"fmt"
	"os/exec"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// SchemaMethod is the first method that a CLI calls.
const SchemaMethod = "/tfplugin6.Provider/GetProviderSchema"

const (
	pluginName = "provider"
	maxMessage = 256 << 20 // the limit of terraform-plugin-go
)

var handshake = plugin.HandshakeConfig{
	ProtocolVersion:  6,
	MagicCookieKey:   "TF_PLUGIN_MAGIC_COOKIE",
	MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
}

// Handler handles a request to a gRPC method, such as /tfplugin6.Provider/ReadDataSource, and returns the encoded
// response.
type Handler func(ctx context.Context, method string, request []byte) ([]byte, error)

// Serve handles the requests of the CLI that started this program. It returns when the CLI ends the connection.
func Serve(handler Handler) {
	handle := func(_ any, stream grpc.ServerStream) error {
		method, _ := grpc.MethodFromServerStream(stream)
		var request emptypb.Empty
		if err := stream.RecvMsg(&request); err != nil {
			return err
		}
		response, err := handler(stream.Context(), method, content(&request))
		if err != nil {
			return err
		}
		return stream.SendMsg(message(response))
	}
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: handshake,
		Plugins:         plugin.PluginSet{pluginName: &rawPlugin{}},
		Logger:          hclog.NewNullLogger(),
		GRPCServer: func(options []grpc.ServerOption) *grpc.Server {
			return grpc.NewServer(append(options, grpc.UnknownServiceHandler(handle),
				grpc.MaxRecvMsgSize(maxMessage), grpc.MaxSendMsgSize(maxMessage))...)
		},
	})
}

// Provider is a running process of a provider.
type Provider struct {
	client     *plugin.Client
	connection *grpc.ClientConn
}

// Start starts a provider as a CLI does, including the handshake and mutual TLS.
func Start(program string) (*Provider, error) {
	// The end of a context would kill the process. Close first asks the process to end.
	command := exec.Command(program) //nolint:noctx // see above
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig:  handshake,
		Plugins:          plugin.PluginSet{pluginName: &rawPlugin{}},
		Cmd:              command,
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		AutoMTLS:         true,
		Logger:           hclog.NewNullLogger(),
	})
	protocol, err := client.Client()
	if err != nil {
		client.Kill()
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	connection, err := protocol.Dispense(pluginName)
	if err != nil {
		client.Kill()
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	return &Provider{client: client, connection: connection.(*grpc.ClientConn)}, nil
}

// Call calls a method and returns its response.
func (p *Provider) Call(ctx context.Context, method string, request []byte) ([]byte, error) {
	var response emptypb.Empty
	if err := p.connection.Invoke(ctx, method, message(request), &response); err != nil {
		return nil, err
	}
	return content(&response), nil
}

// Close asks the process to end, and kills it if it doesn't end.
func (p *Provider) Close() { p.client.Kill() }

// rawPlugin implements plugin.Plugin without a gRPC service: Serve handles all methods, and Start uses the bare
// connection.
type rawPlugin struct {
	plugin.NetRPCUnsupportedPlugin
}

func (*rawPlugin) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error { return nil }

func (*rawPlugin) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, connection *grpc.ClientConn) (any, error) {
	return connection, nil
}

// message returns a message that encodes to the given bytes. It has no fields, so it keeps them as unknown fields.
func message(content []byte) *emptypb.Empty {
	m := &emptypb.Empty{}
	m.ProtoReflect().SetUnknown(content)
	return m
}

func content(m *emptypb.Empty) []byte { return m.ProtoReflect().GetUnknown() }
