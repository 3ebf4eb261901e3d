// Answers each line of the standard input, a contract, with a line that says what goctl makes of it.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

type question struct {
	ID int `json:"id"`
	// Kind is the ending of the contract's file: api, sql or proto.
	Kind string `json:"kind"`
	Text string `json:"text"`
}

type answer struct {
	// ID is that of the question.
	ID      int        `json:"id"`
	Refused string     `json:"refused,omitempty"`
	Types   []apiType  `json:"types,omitempty"`
	Routes  []apiRoute `json:"routes,omitempty"`
	// Formatted is a .api as goctl lays it out.
	Formatted string            `json:"formatted,omitempty"`
	Models    map[string]string `json:"models,omitempty"`
	Rpcs      []rpc             `json:"rpcs,omitempty"`
	Messages  []message         `json:"messages,omitempty"`
}

func main() {
	out, err := takeStandardOutput()
	if err != nil {
		panic(err)
	}
	// Some of it makes files of its own where it stands, and at home.
	folder, err := os.MkdirTemp("", "goctl-oracle")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	if err := os.Chdir(folder); err != nil {
		panic(err)
	}
	os.Setenv("HOME", folder)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		said := ask(folder, asked)
		said.ID = asked.ID
		line, err := json.Marshal(said)
		if err != nil {
			panic(err)
		}
		fmt.Fprintf(out, "%s\n", line)
	}
}

// takeStandardOutput keeps the standard output for the answers. What goctl and go-zero print beside their work, such as
// the load of the machine once a minute, goes nowhere: some of it by writers that know the file from before main.
func takeStandardOutput() (*os.File, error) {
	kept, err := unix.Dup(unix.Stdout)
	if err != nil {
		return nil, err
	}
	nowhere, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(kept), "answers"), unix.Dup2(int(nowhere.Fd()), unix.Stdout)
}

func ask(home string, asked question) (said answer) {
	defer func() {
		if reason := recover(); reason != nil {
			said = answer{Refused: fmt.Sprintf("panic: %v", reason)}
		}
	}()
	folder, err := os.MkdirTemp(home, "asked")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "a."+asked.Kind)
	if err := os.WriteFile(file, []byte(asked.Text), 0o600); err != nil {
		panic(err)
	}
	switch asked.Kind {
	case "api":
		said, err = readAPI(file)
	case "sql":
		said, err = readSQL(file, filepath.Join(folder, "model"))
	default:
		said, err = readProto(file)
	}
	if err != nil {
		return answer{Refused: err.Error()}
	}
	return said
}
