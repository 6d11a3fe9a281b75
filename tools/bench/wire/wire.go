// Package wire exchanges whole messages of Terraform's plugin protocol as bytes. It never decodes them, so it works
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
	maxMessage = 256 << 20 // as in terraform-plugin-go
)

var handshake = plugin.HandshakeConfig{
	ProtocolVersion:  6,
	MagicCookieKey:   "TF_PLUGIN_MAGIC_COOKIE",
	MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
}

// Handler returns the response to a request of a method, such as /tfplugin6.Provider/ReadDataSource.
type Handler func(ctx context.Context, method string, request []byte) ([]byte, error)

// Serve serves the CLI that started this program until the CLI ends it.
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

// Provider is the process of a provider.
type Provider struct {
	client     *plugin.Client
	connection *grpc.ClientConn
}

// Start starts a provider as a CLI does, with the handshake and with certificates on both sides.
func Start(program string) (*Provider, error) {
	// A context would kill the process, but Close lets it end by itself.
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

// Close asks the process to end, and kills it if it doesn't.
func (p *Provider) Close() { p.client.Kill() }

// rawPlugin is a plugin without a service of its own: Serve handles all methods, and a client is a bare connection.
type rawPlugin struct {
	plugin.NetRPCUnsupportedPlugin
}

func (*rawPlugin) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error { return nil }

func (*rawPlugin) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, connection *grpc.ClientConn) (any, error) {
	return connection, nil
}

// message returns the bytes as a message without fields, which keeps them as unknown fields.
func message(content []byte) *emptypb.Empty {
	m := &emptypb.Empty{}
	m.ProtoReflect().SetUnknown(content)
	return m
}

func content(m *emptypb.Empty) []byte { return m.ProtoReflect().GetUnknown() }
