package pgserver

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the operating system user that the server runs as.
type account struct {
	us         string              // the name of the user who runs this program
	name       string              // the name of the server's user
	uid        int                 // the number of the server's user
	gid        int                 // the server's group
	credential *syscall.Credential // how to become the server's user; nil if we are it
}

// accountFor returns the user for a server with this data directory: ourselves, or,
// if we are root, the owner of the data, or the user postgres if there is none.
func accountFor(data string) (account, error) {
	us, err := user.LookupId(strconv.Itoa(os.Geteuid()))
	if err != nil {
		return account{}, fmt.Errorf("the user number %d has no name on this system, and PostgreSQL needs one", os.Geteuid())
	}
	if os.Geteuid() != 0 {
		return account{us: us.Username, name: us.Username, uid: os.Geteuid(), gid: os.Getegid()}, nil
	}

	server, err := user.Lookup("postgres")
	if info, statErr := os.Stat(data); statErr == nil && ownerOf(info) != 0 {
		server, err = user.LookupId(strconv.Itoa(ownerOf(info)))
	}
	if err != nil {
		return account{}, fmt.Errorf("PostgreSQL does not run as root, and there is no other user to run it: %w", err)
	}
	uid, err := strconv.Atoi(server.Uid)
	if err != nil {
		return account{}, fmt.Errorf("read the number of the user %s: %w", server.Username, err)
	}
	gid, err := strconv.Atoi(server.Gid)
	if err != nil {
		return account{}, fmt.Errorf("read the group of the user %s: %w", server.Username, err)
	}
	return account{
		us: us.Username, name: server.Username, uid: uid, gid: gid,
		credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)},
	}, nil
}

// ownerOf returns the number of the user a file belongs to, or -1.
func ownerOf(info fs.FileInfo) int {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(stat.Uid)
	}
	return -1
}

// own hands a file or folder that we made to the server's user.
func (a account) own(path string) error {
	if a.credential == nil {
		return nil
	}
	return os.Lchown(path, a.uid, a.gid)
}

// canEnter checks that the server's user, if it is not us, gets to a folder. The kernel
// is asked, by starting a process there: it knows more than the permission bits.
func (a account) canEnter(dir string) error {
	if a.credential == nil {
		return nil
	}
	cmd := exec.Command("/bin/sh", "-c", ":")
	cmd.Dir = dir
	cmd.SysProcAttr = attributes(a.credential)
	err := cmd.Run()
	if !errors.Is(err, fs.ErrPermission) {
		return err
	}
	barrier := a.barrier(dir)
	return fmt.Errorf("PostgreSQL does not run as root but as %s, who cannot enter %s: choose another data folder, or allow it with chmod o+x %s",
		a.name, barrier, barrier)
}

// barrier returns the topmost folder on the way to dir that lets only some users in.
func (a account) barrier(dir string) string {
	found := dir
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err == nil && info.Mode().Perm()&0o001 == 0 && ownerOf(info) != a.uid {
			found = dir
		}
	}
	return found
}
