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

// Schema is the first thing that a CLI asks a provider.
const Schema = "/tfplugin6.Provider/GetProviderSchema"

// Provider is a provider's process, started as a CLI starts it: with the handshake and certificates for both sides.
type Provider struct {
	client     *plugin.Client
	connection *grpc.ClientConn
}

// Start starts a provider. It is ready when Start returns.
func Start(program string) (*Provider, error) {
	// The library starts the program, and ends it when Close is called: a context would end it without a word.
	command := exec.Command(program) //nolint:noctx // see above
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig:  handshake,
		Plugins:          plugin.PluginSet{pluginName: &raw{}},
		Cmd:              command,
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		AutoMTLS:         true,
		Logger:           hclog.NewNullLogger(),
	})
	connected, err := client.Client()
	if err != nil {
		client.Kill()
		return nil, fmt.Errorf("%s: %w", program, err)
	}
	connection, err := connected.Dispense(pluginName)
	if err != nil {
		client.Kill()
		return nil, fmt.Errorf("%s: %w", program, err)
	}
	return &Provider{client: client, connection: connection.(*grpc.ClientConn)}, nil
}

// Ask makes one call.
func (p *Provider) Ask(ctx context.Context, call string, question []byte) ([]byte, error) {
	var answer emptypb.Empty
	if err := p.connection.Invoke(ctx, call, message(question), &answer); err != nil {
		return nil, err
	}
	return bytesOf(&answer), nil
}

// Close asks the provider to end, and sees to it.
func (p *Provider) Close() { p.client.Kill() }
