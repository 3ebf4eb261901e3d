package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"

	"github.com/zeromicro/go-zero/core/conf"
	"github.com/zeromicro/go-zero/zrpc"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// runClient calls one of the mall's rpc services: {"method":"Detail","request":{…}} is answered with
// {"response":{…}} or {"code":5,"text":"…"}.
func runClient(args []string) error {
	flags := flag.NewFlagSet("client", flag.ExitOnError)
	file := flags.String("f", "", "configuration (zrpc.RpcClientConf)")
	proto := flags.String("proto", "", "contract of the service")
	service := flags.String("service", "", "full name of the service, if not the contract's")
	if err := flags.Parse(args); err != nil {
		return err
	}
	contract, err := loadContract(*proto)
	if err != nil {
		return err
	}
	name := *service
	if name == "" {
		name = string(contract.FullName())
	}
	var config zrpc.RpcClientConf
	conf.MustLoad(*file, &config)
	peer := zrpc.MustNewClient(config)
	return answerLines(func(line []byte) (interface{}, error) {
		return callLine(peer, contract, name, line)
	})
}

func callLine(peer zrpc.Client, contract protoreflect.ServiceDescriptor, service string,
	line []byte) (interface{}, error) {
	var call struct {
		Method  string
		Request json.RawMessage
	}
	if err := json.Unmarshal(line, &call); err != nil {
		return nil, err
	}
	definition := contract.Methods().ByName(protoreflect.Name(call.Method))
	if definition == nil {
		return nil, fmt.Errorf("%s has no method %s", service, call.Method)
	}
	in, out := dynamicpb.NewMessage(definition.Input()), dynamicpb.NewMessage(definition.Output())
	if err := protojson.Unmarshal(call.Request, in); err != nil {
		return nil, err
	}
	if err := peer.Conn().Invoke(context.Background(), fullName(service, definition), in, out); err != nil {
		state := status.Convert(err)
		return map[string]interface{}{"code": state.Code(), "text": state.Message()}, nil
	}
	response, err := protojson.MarshalOptions{UseProtoNames: true, EmitUnpopulated: true}.Marshal(out)
	return map[string]json.RawMessage{"response": response}, err
}
