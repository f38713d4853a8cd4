package main

import (
	"log/slog"
	"net/http"
	"time"
)

// patience is how long the server waits for a client: for the head of a request, for all of it, for the client to take the answer, and
// for the next request. Without an end to each, a few hundred clients that send or read a byte a minute would hold every connection.
type patience struct{ head, request, answer, next time.Duration }

// usualPatience gives the largest upload half a minute, and a slow line a minute for a page.
var usualPatience = patience{head: 5 * time.Second, request: 30 * time.Second, answer: time.Minute, next: 2 * time.Minute}

// maxHead is the largest head of a request, in bytes; a larger one is answered 431.
const maxHead = 64 << 10

func newHTTPServer(handler http.Handler, wait patience, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: wait.head,
		ReadTimeout:       wait.request,
		WriteTimeout:      wait.answer,
		IdleTimeout:       wait.next,
		MaxHeaderBytes:    maxHead,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
