package main

import (
	"os"
	"strings"

	"github.com/zeromicro/go-zero/tools/goctl/api/spec"
	"github.com/zeromicro/go-zero/tools/goctl/pkg/parser/api/format"
	"github.com/zeromicro/go-zero/tools/goctl/pkg/parser/api/parser"
)

type apiType struct {
	Name    string      `json:"name"`
	Members []apiMember `json:"members"`
}

type apiMember struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Tag    string `json:"tag"`
	Inline bool   `json:"inline"`
}

type apiRoute struct {
	Method   string            `json:"method"`
	Path     string            `json:"path"`
	Handler  string            `json:"handler"`
	Request  string            `json:"request"`
	Response string            `json:"response"`
	Server   map[string]string `json:"server"`
}

// readAPI is what `goctl api validate` and `goctl api format` do, and what `goctl api go` goes by.
func readAPI(file string) (answer, error) {
	source, err := os.ReadFile(file)
	if err != nil {
		return answer{}, err
	}
	var formatted strings.Builder
	if err := format.Source(source, &formatted); err != nil {
		return answer{}, err
	}
	api, err := parser.Parse(file, "")
	if err != nil {
		return answer{}, err
	}
	if err := api.Validate(); err != nil {
		return answer{}, err
	}
	said := answer{Formatted: formatted.String()}
	for _, each := range api.Types {
		if named, ok := each.(spec.DefineStruct); ok {
			said.Types = append(said.Types, typeOf(named))
		}
	}
	for _, group := range api.Service.Groups {
		for _, route := range group.Routes {
			said.Routes = append(said.Routes, routeOf(route, group.Annotation.Properties))
		}
	}
	return said, nil
}

func typeOf(named spec.DefineStruct) apiType {
	found := apiType{Name: named.RawName, Members: []apiMember{}}
	for _, each := range named.Members {
		found.Members = append(found.Members, apiMember{each.Name, each.Type.Name(), each.Tag, each.IsInline})
	}
	return found
}

func routeOf(route spec.Route, server map[string]string) apiRoute {
	return apiRoute{
		Method:   route.Method,
		Path:     route.Path,
		Handler:  route.Handler,
		Request:  nameOf(route.RequestType),
		Response: nameOf(route.ResponseType),
		Server:   server,
	}
}

func nameOf(named spec.Type) string {
	if named == nil {
		return ""
	}
	return named.Name()
}
