package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/zeromicro/go-zero/tools/goctl/rpc/parser"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
)

type rpc struct {
	Service        string `json:"service"`
	Name           string `json:"name"`
	Request        string `json:"request"`
	Response       string `json:"response"`
	StreamsRequest bool   `json:"streamsRequest"`
	StreamsReturns bool   `json:"streamsReturns"`
}

type message struct {
	// Name has those of the messages around it in front: Outer_Inner.
	Name   string  `json:"name"`
	Fields []field `json:"fields"`
}

type field struct {
	Name     string `json:"name"`
	Number   int32  `json:"number"`
	Type     string `json:"type"`
	Repeated bool   `json:"repeated"`
	Oneof    string `json:"oneof"`
	Optional bool   `json:"optional"`
}

// readProto is what `goctl rpc protoc -m` does before it writes: protoc, where there is one, then its own parser.
func readProto(file string) (answer, error) {
	var said answer
	if protoc := os.Getenv("PROTOC"); protoc != "" {
		messages, err := compile(protoc, file)
		if err != nil {
			return answer{}, err
		}
		said.Messages = messages
	}
	parsed, err := parser.NewDefaultProtoParser().Parse(file, true)
	if err != nil {
		return answer{}, err
	}
	for _, service := range parsed.Service {
		for _, each := range service.RPC {
			said.Rpcs = append(said.Rpcs, rpc{
				service.Name, each.Name, each.RequestType, each.ReturnsType, each.StreamsRequest, each.StreamsReturns,
			})
		}
	}
	return said, nil
}

func compile(protoc, file string) ([]message, error) {
	out := file + ".bin"
	said, err := exec.Command(protoc, "-I", filepath.Dir(file), "--descriptor_set_out="+out, file).CombinedOutput()
	if err != nil {
		return nil, errors.New("protoc: " + strings.TrimSpace(string(said)))
	}
	bytes, err := os.ReadFile(out)
	if err != nil {
		return nil, err
	}
	var set descriptorpb.FileDescriptorSet
	if err := proto.Unmarshal(bytes, &set); err != nil {
		return nil, err
	}
	return messagesOf("", set.File[0].MessageType), nil
}

func messagesOf(around string, types []*descriptorpb.DescriptorProto) []message {
	var found []message
	for _, each := range types {
		if each.GetOptions().GetMapEntry() {
			continue
		}
		name := around + each.GetName()
		found = append(found, message{name, fieldsOf(each)})
		found = append(found, messagesOf(name+"_", each.NestedType)...)
	}
	return found
}

func fieldsOf(in *descriptorpb.DescriptorProto) []field {
	found := []field{}
	for _, each := range in.Field {
		one := field{
			Name:     each.GetName(),
			Number:   each.GetNumber(),
			Type:     strings.ToLower(strings.TrimPrefix(each.GetType().String(), "TYPE_")),
			Repeated: each.GetLabel() == descriptorpb.FieldDescriptorProto_LABEL_REPEATED,
			Optional: each.GetProto3Optional(),
		}
		if each.OneofIndex != nil && !one.Optional {
			one.Oneof = in.OneofDecl[each.GetOneofIndex()].GetName()
		}
		found = append(found, one)
	}
	return found
}
