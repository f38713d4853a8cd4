package main

import (
	"errors"
	"io"
	"log/slog"

	"surrealm/store"
)

// storeSettings are what a command needs that works on the data, beside a running server or without one.
type storeSettings struct {
	dataSettings
	databaseSettings
	keySettings
}

// with opens the store for one piece of work, and closes it and the private server if it was started for this. make says
// whether to make a database where there is none.
func (c storeSettings) with(p *process, make bool, work func(*store.Store) error) (err error) {
	var bad mistakes
	c.databaseSettings.check(&bad)
	c.keySettings.check(&bad)
	if err := bad.orNil(); err != nil {
		return err
	}
	db, err := openDatabase(p.ctx, c.dataSettings, c.databaseSettings, make)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(p.ctx)) }()
	if make {
		if err := migrate(p.ctx, db, slog.New(slog.NewTextHandler(io.Discard, nil))); err != nil {
			return err
		}
	}
	master, err := c.keySettings.load(c.DataDir)
	if err != nil {
		return err
	}
	s, err := store.Open(p.ctx, store.Options{WebURL: db.web, ControlURL: db.control, WebConns: 2, CtlConns: 2, Master: master})
	if err != nil {
		return err
	}
	defer s.Close()
	return work(s)
}
