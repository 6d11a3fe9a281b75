// Package wire speaks Terraform's plugin protocol in whole messages: which call it is, and the bytes to and fro. What is in
// them it doesn't know, so it fits every version of the schema.
package wire

import (
	"context"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

const (
	protocolVersion = 6
	pluginName      = "provider"
	maxMessage      = 256 << 20 // as terraform-plugin-go has it
)

// handshake is what tells a provider that a CLI has started it, and not a curious user.
var handshake = plugin.HandshakeConfig{
	ProtocolVersion:  protocolVersion,
	MagicCookieKey:   "TF_PLUGIN_MAGIC_COOKIE",
	MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
}

// Answer gives the answer to one call, such as /tfplugin6.Provider/ReadDataSource.
type Answer func(ctx context.Context, call string, question []byte) ([]byte, error)

// Serve answers the CLI that started this program, until it has no more questions.
func Serve(answer Answer) {
	handle := func(_ any, stream grpc.ServerStream) error {
		call, _ := grpc.MethodFromServerStream(stream)
		var question emptypb.Empty
		if err := stream.RecvMsg(&question); err != nil {
			return err
		}
		said, err := answer(stream.Context(), call, bytesOf(&question))
		if err != nil {
			return err
		}
		return stream.SendMsg(message(said))
	}
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: handshake,
		Plugins:         plugin.PluginSet{pluginName: &raw{}},
		Logger:          hclog.NewNullLogger(),
		GRPCServer: func(options []grpc.ServerOption) *grpc.Server {
			return grpc.NewServer(append(options, grpc.UnknownServiceHandler(handle),
				grpc.MaxRecvMsgSize(maxMessage), grpc.MaxSendMsgSize(maxMessage))...)
		},
	})
}

// raw is a plugin without a service of its own: all calls end in Serve's handler, and a client is a bare connection.
type raw struct {
	plugin.NetRPCUnsupportedPlugin
}

func (*raw) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error { return nil }

func (*raw) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, connection *grpc.ClientConn) (any, error) {
	return connection, nil
}

// message is the bytes as a message: of one without fields every byte is an unknown field, which protobuf keeps.
func message(content []byte) *emptypb.Empty {
	m := &emptypb.Empty{}
	m.ProtoReflect().SetUnknown(content)
	return m
}

func bytesOf(m *emptypb.Empty) []byte { return m.ProtoReflect().GetUnknown() }
