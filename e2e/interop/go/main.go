// Program interop stands for the Go half of a mixed mall: clients, servers, cached models and configurations
// of go-zero, driven by tests over lines of JSON.
package main

import (
	"fmt"
	"os"

	"github.com/zeromicro/go-zero/core/logx"
)

var commands = map[string]func(args []string) error{
	"api":    runAPI,
	"client": runClient,
	"config": printConfig,
	"model":  runModel,
	"order":  runOrder,
	"user":   runUser,
}

func main() {
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fail(fmt.Errorf("usage: interop api|client|config|model|order|user ARGUMENTS"))
	}
	// The standard output carries answers.
	logx.Disable()
	if err := commands[os.Args[1]](os.Args[2:]); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
