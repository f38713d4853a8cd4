package main

import (
	"bufio"
	"bytes"
	"fmt"

	"surrealm/store/signature"
)

type verifyCommand struct {
	File string   `arg:"" help:"The file, as a version's page offers it; - is standard input."`
	Keys []string `name:"key" placeholder:"FINGERPRINT" help:"Fingerprint of a key that you trust, received by another way than the file. Can be repeated; then every key has to be among them."`
}

// Help is what surrealm verify --help says beside the flags.
func (verifyCommand) Help() string {
	return `Needs no database and no data folder. It checks that the procedure in the file is the one that was signed, that it continues the versions before it, and every signature. The exit code is 0 only when all holds. A file alone cannot prove whose keys these are: compare the fingerprints, or give them with --key.`
}

// auditBundle is how an export of the audit log begins: people take one for the other.
var auditBundle = []byte(`{"format":"surrealm.audit.`)

// Run prints the report.
func (c verifyCommand) Run(p *process) error {
	file, err := p.open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	input := bufio.NewReader(file)
	if start, _ := input.Peek(len(auditBundle)); bytes.Equal(start, auditBundle) { // a short file is for VerifyFile to refuse
		return fmt.Errorf("%s is an export of an audit log: use surrealm audit verify", c.File)
	}
	report, err := signature.VerifyFile(input, c.Keys...)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	return p.report(report.Lines(), report.OK())
}
