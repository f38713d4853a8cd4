package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// password reads a new password: from a file, from a person who types it twice, or from whatever is piped in.
func (p *process) password(file string) (string, error) {
	if file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("read the password: %w", err)
		}
		return firstLine(string(text)), nil
	}
	input := bufio.NewReader(p.in)
	if !isTerminal(p.in) {
		return readLine(input)
	}
	restore := p.hideTyping()
	defer restore()
	fmt.Fprint(p.err, "Password: ")
	first, err := readLine(input)
	if err != nil {
		return "", err
	}
	fmt.Fprint(p.err, "\nAgain: ")
	second, err := readLine(input)
	fmt.Fprintln(p.err)
	if err == nil && first != second {
		err = errors.New("the two passwords differ; nothing was made")
	}
	return first, err
}

// hideTyping keeps what is typed off the terminal. Where that is not possible, it shows.
func (p *process) hideTyping() (restore func()) {
	stty := func(mode string) {
		cmd := exec.CommandContext(p.ctx, "stty", mode)
		cmd.Stdin = p.in
		_ = cmd.Run() // a terminal that cannot do it still works
	}
	stty("-echo")
	return func() { stty("echo") }
}

func readLine(input *bufio.Reader) (string, error) {
	line, err := input.ReadString('\n')
	if line == "" && err != nil {
		return "", errors.New("a password is needed: type it, or give --password-file")
	}
	return firstLine(line), nil
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return strings.TrimSuffix(line, "\r")
}
