package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/zeromicro/go-zero/tools/goctl/config"
	"github.com/zeromicro/go-zero/tools/goctl/model/sql/gen"
	"github.com/zeromicro/go-zero/tools/goctl/util/console"
)

// What the command line leaves out of inserts and updates unless told otherwise.
var managed = []string{"create_at", "created_at", "create_time", "update_at", "updated_at", "update_time"}

// readSQL is what `goctl model mysql ddl -c` does; the models are its files by their names.
func readSQL(file, folder string) (answer, error) {
	style, err := config.NewConfig("gozero")
	if err != nil {
		return answer{}, err
	}
	generator, err := gen.NewDefaultGenerator("cache", folder, style,
		gen.WithConsoleOption(console.NewColorConsole(false)), gen.WithIgnoreColumns(managed))
	if err != nil {
		return answer{}, err
	}
	if err := generator.StartFromDDL(file, true, false, ""); err != nil {
		return answer{}, err
	}
	models := map[string]string{}
	files, err := filepath.Glob(filepath.Join(folder, "*_gen.go"))
	if err != nil {
		return answer{}, err
	}
	for _, each := range files {
		text, err := os.ReadFile(each)
		if err != nil {
			return answer{}, err
		}
		models[strings.TrimSuffix(filepath.Base(each), "_gen.go")] = string(text)
	}
	return answer{Models: models}, nil
}
