package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strconv"
)

// client is one connection to a site that is kept open. It does as little as it can, because it shares the processors with
// what it measures: it writes the same bytes each time and reads no more of an answer than its status and its length.
type client struct {
	conn    net.Conn
	reader  *bufio.Reader
	request []byte
}

// dial connects to ask for a page by GET. headers are lines that end with \r\n.
func dial(address, path, headers string) (*client, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	request := "GET " + path + " HTTP/1.1\r\nHost: " + address + "\r\nUser-Agent: bench\r\nAccept: text/html\r\nSec-Fetch-Site: same-origin\r\n" + headers + "\r\n"
	return &client{conn: conn, reader: bufio.NewReaderSize(conn, 64<<10), request: []byte(request)}, nil
}

// get asks once and returns the bytes of the answer's body.
func (c *client) get() (int, error) {
	if _, err := c.conn.Write(c.request); err != nil {
		return 0, err
	}
	line, err := c.reader.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if !bytes.HasPrefix(line, []byte("HTTP/1.1 200")) {
		return 0, fmt.Errorf("the answer is %s", bytes.TrimSpace(line))
	}
	length := -1
	for {
		line, err := c.reader.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if len(line) <= 2 {
			break
		}
		if value, found := bytes.CutPrefix(line, []byte("Content-Length: ")); found {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return 0, err
			}
		}
	}
	if length < 0 {
		return c.discardChunks()
	}
	_, err = io.CopyN(io.Discard, c.reader, int64(length))
	return length, err
}

// discardChunks reads a body of unknown length.
func (c *client) discardChunks() (total int, err error) {
	for {
		line, err := c.reader.ReadSlice('\n')
		if err != nil {
			return total, err
		}
		size, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 32)
		if err != nil {
			return total, err
		}
		if _, err := c.reader.Discard(int(size) + len("\r\n")); err != nil {
			return total, err
		}
		if size == 0 {
			return total, nil
		}
		total += int(size)
	}
}

func (c *client) close() { _ = c.conn.Close() } // nothing is under way on it
