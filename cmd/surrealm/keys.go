package main

import (
	"path/filepath"

	"surrealm/store/seal"
)

// check says what is wrong with the settings of the master key. A file is only read when it is needed.
func (k keySettings) check(bad *mistakes) {
	switch {
	case k.MasterKey != "" && k.MasterKeyFile != "":
		bad.addf("MASTER_KEY and MASTER_KEY_FILE are both given: one of them is enough.")
	case k.MasterKey != "":
		if _, err := seal.ParseMasterKey(k.MasterKey); err != nil {
			bad.addf("MASTER_KEY: %v.", err)
		}
	}
}

// load returns the master key, and makes its file when there is none yet.
func (k keySettings) load(dataDir string) (seal.Master, error) {
	if k.MasterKey != "" {
		return seal.ParseMasterKey(k.MasterKey)
	}
	return seal.LoadMasterKey(k.path(dataDir))
}

// path is the file of the master key, for keys that are in a file.
func (k keySettings) path(dataDir string) string {
	if k.MasterKeyFile != "" {
		return k.MasterKeyFile
	}
	return filepath.Join(dataDir, "master.key")
}
