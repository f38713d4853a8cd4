package main

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
)

// proxy stands between the program and PostgreSQL, on a socket of its own.
type proxy struct {
	dir      string
	target   string
	listener net.Listener
	cut      atomic.Int32 // how many of the next commits lose their connection
	cuts     atomic.Int32 // how many did
	mu       sync.Mutex
	open     map[net.Conn]bool
}

func startProxy(dir, target string) (*proxy, error) {
	p := &proxy{dir: filepath.Join(dir, "proxy"), target: target, open: map[net.Conn]bool{}}
	if err := os.Mkdir(p.dir, 0o700); err != nil {
		return nil, err
	}
	var err error
	if p.listener, err = net.Listen("unix", filepath.Join(p.dir, filepath.Base(target))); err != nil {
		return nil, err
	}
	go p.accept()
	return p, nil
}

func (p *proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			go p.carry(client)
		}
	}
}

// carry brings bytes both ways until either end is gone.
func (p *proxy) carry(client net.Conn) {
	defer p.forget(client)
	server, err := net.Dial("unix", p.target)
	if err != nil {
		return
	}
	defer p.forget(server)
	p.remember(client, server)
	go func() {
		defer p.forget(client)
		defer p.forget(server)
		_, _ = io.Copy(client, server) // ends when either is closed
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			return
		}
		cutting := isCommit(buffer[:n]) && p.takeCut()
		if cutting && p.cuts.Add(1)%2 == 0 {
			return // the server never hears of the commit
		}
		if cutting {
			p.forget(client) // the server commits, and nobody learns of it
		}
		if _, err := server.Write(buffer[:n]); err != nil || cutting {
			return
		}
	}
}

// isCommit recognises the message with which a transaction ends: alone, and the last before the answer.
func isCommit(message []byte) bool {
	return bytes.Contains(bytes.ToLower(message), []byte("commit\x00"))
}

func (p *proxy) takeCut() bool {
	for left := p.cut.Load(); left > 0; left = p.cut.Load() {
		if p.cut.CompareAndSwap(left, left-1) {
			return true
		}
	}
	return false
}

func (p *proxy) remember(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		p.open[c] = true
	}
}

func (p *proxy) forget(c net.Conn) {
	_ = c.Close() // also when the other direction has closed it
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, c)
}

// cutAll breaks every connection, as a network does that goes away for a moment.
func (p *proxy) cutAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.open {
		_ = c.Close()
	}
}

func (p *proxy) close() {
	_ = p.listener.Close()
	p.cutAll()
}
