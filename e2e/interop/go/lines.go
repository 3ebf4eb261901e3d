package main

import (
	"bufio"
	"encoding/json"
	"os"
)

// answerLines answers every line of the standard input, a JSON object, with one line.
func answerLines(answer func(line []byte) (interface{}, error)) error {
	scanner := bufio.NewScanner(os.Stdin)
	for scanner.Scan() {
		value, err := answer(scanner.Bytes())
		if err != nil {
			value = map[string]string{"error": err.Error()}
		}
		if err := printLine(value); err != nil {
			return err
		}
	}
	return scanner.Err()
}

func printLine(value interface{}) error {
	line, err := json.Marshal(value)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(append(line, '\n'))
	return err
}
