package pgserver

import "syscall"

// attributes returns how the server's processes are started: as the given user if
// it is not nil, in a process group of their own, and told to end when we end.
//
// Pdeathsig is what keeps a kill -9 of us from leaving a server behind that nobody
// stops. The kernel sends it when the thread ends that started the process, hence
// the locked thread in startProcess. SIGINT is PostgreSQL's fast shutdown: it writes
// everything down and leaves no recovery to the next start, which waits for it.
func attributes(user *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: user, Setpgid: true, Pdeathsig: syscall.SIGINT}
}
