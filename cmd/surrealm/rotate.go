package main

import (
	"errors"
	"fmt"
	"io/fs"

	"surrealm/store"
	"surrealm/store/keyfile"
	"surrealm/store/seal"
)

type keysCommand struct {
	RotateMaster rotateMasterCommand `cmd:"" help:"Replace the master key by a new one."`
}

type rotateMasterCommand struct {
	storeSettings
	Next string `placeholder:"FILE" help:"File of the new key, made when missing. Default: the file of the present key with .next behind it."`
}

// Help is what surrealm keys rotate-master --help says beside the flags.
func (rotateMasterCommand) Help() string {
	return `Stop every server first. The new key is written to its file; then the data keys of all organisations are wrapped with it, in one transaction; then its file takes the place of the present one, which is kept beside it under its number, because backups of the database made before need it. When the command is interrupted, run it again: it goes on where it was. What the data keys protect is not touched. Where the key comes from MASTER_KEY, the new one stays in the file that --next names, and you put it into MASTER_KEY.`
}

// Run rotates the master key.
func (c rotateMasterCommand) Run(p *process) (err error) {
	var bad mistakes
	c.databaseSettings.check(&bad)
	c.keySettings.check(&bad)
	if c.MasterKey != "" && c.Next == "" {
		bad.addf("--next: name the file for the new key, because the present one is in no file.")
	}
	if err := bad.orNil(); err != nil {
		return err
	}
	path := c.keySettings.path(c.DataDir)
	former, err := c.present(path)
	if err != nil {
		return err
	}
	file := c.Next
	if file == "" {
		file = path + ".next"
	}
	next, err := seal.LoadMasterKey(file)
	if err != nil {
		return err
	}
	if next.ID() == former.ID() {
		return fmt.Errorf("%s holds the present master key already", file)
	}
	n, err := c.rewrap(p, former, next)
	if err != nil {
		return fmt.Errorf("nothing was changed, and the master key is still %s: %w", former.ID(), err)
	}
	fmt.Fprintf(p.out, "The data keys of %s are wrapped with the master key %s.\n", count(n, "organisation"), next.ID())
	if c.MasterKey != "" {
		fmt.Fprintf(p.out, "Set MASTER_KEY to the content of %s before you start a server. Keep %s for older backups.\n", file, former.ID())
		return nil
	}
	kept := path + "." + former.ID()
	if err := keyfile.Replace(path, file, kept); err != nil {
		return fmt.Errorf("the new key is in %s and has to be at %s; run the command again: %w", file, path, err)
	}
	fmt.Fprintf(p.out, "It is in %s. The former key is in %s: backups of the database made before today need it.\n", path, kept)
	return nil
}

// present is the master key of today. It is never made here: a key that nothing is wrapped with opens nothing.
func (c rotateMasterCommand) present(path string) (seal.Master, error) {
	if c.MasterKey != "" {
		return seal.ParseMasterKey(c.MasterKey)
	}
	content, err := keyfile.Load(path)
	if errors.Is(err, fs.ErrNotExist) {
		return seal.Master{}, fmt.Errorf("%s: there is no master key here to rotate", path)
	}
	if err != nil {
		return seal.Master{}, err
	}
	return seal.ParseMasterKey(string(content))
}

func (c rotateMasterCommand) rewrap(p *process, former, next seal.Master) (n int, err error) {
	db, err := openDatabase(p, c.dataSettings, c.databaseSettings, false)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.close(p)) }()
	migrator, err := store.OpenMigrator(p.ctx, db.migrate, 1)
	if err != nil {
		return 0, err
	}
	defer migrator.Close()
	return migrator.RotateMaster(p.ctx, former, next)
}
