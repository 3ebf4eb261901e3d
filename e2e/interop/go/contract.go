package main

import (
	"context"
	"path/filepath"

	"github.com/jhump/protoreflect/desc/protoparse"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// loadContract reads the service of one of the mall's own proto files, so that no generated copy grows old.
func loadContract(path string) (protoreflect.ServiceDescriptor, error) {
	parser := protoparse.Parser{ImportPaths: []string{filepath.Dir(path)}}
	parsed, err := parser.ParseFiles(filepath.Base(path))
	if err != nil {
		return nil, err
	}
	file, err := protodesc.NewFile(parsed[0].AsFileDescriptorProto(), nil)
	if err != nil {
		return nil, err
	}
	return file.Services().Get(0), nil
}

// values are the fields of a message by their names in the proto.
type values map[string]interface{}

// method answers a request of a service.
type method func(ctx context.Context, in request) (values, error)

// request is a message that came in.
type request struct{ message *dynamicpb.Message }

func (r request) field(name string) protoreflect.Value {
	return r.message.Get(r.message.Descriptor().Fields().ByName(protoreflect.Name(name)))
}

func (r request) number(name string) int64 { return r.field(name).Int() }

func (r request) text(name string) string { return r.field(name).String() }

// newMessage makes a message of values; a list of values becomes a repeated message.
func newMessage(descriptor protoreflect.MessageDescriptor, fields values) *dynamicpb.Message {
	message := dynamicpb.NewMessage(descriptor)
	for name, value := range fields {
		field := descriptor.Fields().ByName(protoreflect.Name(name))
		if items, ok := value.([]values); ok {
			list := message.Mutable(field).List()
			for _, item := range items {
				list.Append(protoreflect.ValueOfMessage(newMessage(field.Message(), item)))
			}
			continue
		}
		message.Set(field, protoreflect.ValueOf(value))
	}
	return message
}

// register serves a contract with methods; those that are missing are not implemented.
func register(server *grpc.Server, contract protoreflect.ServiceDescriptor, methods map[string]method) {
	description := grpc.ServiceDesc{ServiceName: string(contract.FullName())}
	for i := 0; i < contract.Methods().Len(); i++ {
		definition := contract.Methods().Get(i)
		description.Methods = append(description.Methods, grpc.MethodDesc{
			MethodName: string(definition.Name()),
			Handler:    unaryHandler(definition, methods[string(definition.Name())]),
		})
	}
	server.RegisterService(&description, nil)
}

type grpcHandler = func(srv interface{}, ctx context.Context, decode func(interface{}) error,
	interceptor grpc.UnaryServerInterceptor) (interface{}, error)

func unaryHandler(definition protoreflect.MethodDescriptor, answer method) grpcHandler {
	run := func(ctx context.Context, in interface{}) (interface{}, error) {
		if answer == nil {
			return nil, status.Error(codes.Unimplemented, "not in the seed")
		}
		fields, err := answer(ctx, request{in.(*dynamicpb.Message)})
		if err != nil {
			return nil, err
		}
		return newMessage(definition.Output(), fields), nil
	}
	fullMethod := fullName(string(definition.Parent().FullName()), definition)
	return func(srv interface{}, ctx context.Context, decode func(interface{}) error,
		interceptor grpc.UnaryServerInterceptor) (interface{}, error) {
		in := dynamicpb.NewMessage(definition.Input())
		if err := decode(in); err != nil {
			return nil, err
		}
		if interceptor == nil {
			return run(ctx, in)
		}
		return interceptor(ctx, in, &grpc.UnaryServerInfo{Server: srv, FullMethod: fullMethod}, run)
	}
}

// fullName is a method's path under a service name, which may differ from the proto's package.
func fullName(service string, definition protoreflect.MethodDescriptor) string {
	return "/" + service + "/" + string(definition.Name())
}
