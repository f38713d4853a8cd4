package main

import (
	"io"
	"log/slog"
	"strings"
)

// logger makes the log that the settings describe.
func (l logSettings) logger(to io.Writer, bad *mistakes) *slog.Logger {
	var level slog.Level
	switch strings.ToLower(l.LogLevel) {
	case "debug":
		level = slog.LevelDebug
	case "info":
		level = slog.LevelInfo
	case "warn":
		level = slog.LevelWarn
	case "error":
		level = slog.LevelError
	default:
		bad.addf("LOG_LEVEL: %q is not one of debug, info, warn, error.", l.LogLevel)
	}
	options := &slog.HandlerOptions{Level: level}
	switch l.LogFormat {
	case "text":
		return slog.New(slog.NewTextHandler(to, options))
	case "json":
		return slog.New(slog.NewJSONHandler(to, options))
	}
	bad.addf("LOG_FORMAT: %q is neither text nor json.", l.LogFormat)
	return slog.New(slog.DiscardHandler)
}
