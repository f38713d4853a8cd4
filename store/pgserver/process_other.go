//go:build unix && !linux

package pgserver

import "syscall"

// attributes returns how the server's processes are started: as the given user if
// it is not nil, and in a process group of their own. This system cannot tell them
// when we are killed; the next start then finds the server and says that the data
// folder is in use, and by which process.
func attributes(user *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: user, Setpgid: true}
}
