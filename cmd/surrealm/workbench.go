package main

import (
	"errors"
	"log/slog"

	"surrealm/store"
)

// storeSettings are what a command needs that works on the data, beside a running server or without one.
type storeSettings struct {
	dataSettings
	databaseSettings
	keySettings
}

// with opens the store for one piece of work, and closes it and the private server if that was started for it. writes says
// that the work may make secrets, and a database where there is none.
func (c storeSettings) with(p *process, writes bool, work func(*store.Store) error) (err error) {
	var bad mistakes
	c.databaseSettings.check(&bad)
	c.keySettings.check(&bad)
	if err := bad.orNil(); err != nil {
		return err
	}
	db, err := openDatabase(p, c.dataSettings, c.databaseSettings, writes)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(p)) }()
	options := store.Options{WebURL: db.web, ControlURL: db.control, WebConns: 2, CtlConns: 2}
	if writes {
		if options.Master, err = c.keySettings.load(c.DataDir); err != nil {
			return err
		}
		if !c.external() {
			if err := migrate(p.ctx, db, slog.New(slog.DiscardHandler)); err != nil {
				return err
			}
		}
	}
	s, err := store.Open(p.ctx, options)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.CheckSchema(p.ctx); err != nil {
		return err
	}
	return work(s)
}
