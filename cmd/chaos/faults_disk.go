package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// diskSize is enough for a database that was just made and some minutes of writes.
const diskSize = "size=400m"

// fillDisk lets the disk of a database run full while people write, and makes room again. It has a small disk of its own, in
// memory, which only those who may mount can have.
func fillDisk(ctx context.Context, w *world) (skipped string, err error) {
	disk := filepath.Join(w.dir, "disk")
	if err := os.MkdirAll(disk, 0o755); err != nil {
		return "", err
	}
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, diskSize); err != nil {
		return "mounting a small disk is not allowed here: " + err.Error(), nil
	}
	defer func() { err = errors.Join(err, syscall.Unmount(disk, 0)) }()
	small, err := newWorldIn(ctx, w.options, disk)
	if err != nil {
		return "", fmt.Errorf("begin on a small disk: %w", err)
	}
	defer small.close(true)
	small.random = w.random
	found := small.suffer(ctx, fault{"disk-full", fillHere})
	w.ledger.repeats.Add(int64(found.repeats))
	for _, problem := range found.problems {
		w.problem("on a small disk: %s", problem)
	}
	return "", found.broken
}

// fillHere fills the disk that the world is on, and waits until writes fail.
func fillHere(ctx context.Context, w *world) (string, error) {
	filler := filepath.Join(w.dir, "filler")
	file, err := os.Create(filler)
	if err != nil {
		return "", err
	}
	block := make([]byte, 64<<10)
	for {
		if _, err = file.Write(block); err != nil {
			break
		}
	}
	_ = file.Close()
	if !errors.Is(err, syscall.ENOSPC) {
		return "", err
	}
	before := w.ledger.repeats.Load()
	for end := time.Now().Add(20 * time.Second); w.ledger.repeats.Load() < before+20; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			return "", errors.New("people could go on writing to a full disk")
		}
	}
	w.pause(500, 3000)
	if err := os.Remove(filler); err != nil {
		return "", err
	}
	return "", w.postgres.revive(ctx)
}
