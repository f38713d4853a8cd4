package embed

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
)

// Load reads the sentence encoder from the folder that Fetch was given, and checks every file against its hash. It is
// ErrNoWeights when Fetch has not been there. The encoder keeps 28 MB in memory.
func Load(dir string) (*Sentence, error) {
	files, err := useLite.read(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoWeights
	} else if err != nil {
		return nil, fmt.Errorf("the sentence encoder cannot be used: %w; run surrealm model fetch", err)
	}
	vocabulary, err := parseVocabulary(files["vocab.json"])
	if err != nil {
		return nil, err
	}
	tensors, err := parseTensors(files)
	if err != nil {
		return nil, err
	}
	network, err := newTransformer(tensors)
	if err != nil {
		return nil, err
	}
	return newSentence(newTokenizer(vocabulary), network), nil
}

// parseVocabulary reads a list of pairs of a piece and its score.
func parseVocabulary(text []byte) ([]vocabularyEntry, error) {
	var pairs [][2]json.RawMessage
	if err := json.Unmarshal(text, &pairs); err != nil {
		return nil, fmt.Errorf("read the vocabulary: %w", err)
	}
	vocabulary := make([]vocabularyEntry, len(pairs))
	for id, pair := range pairs {
		err := errors.Join(json.Unmarshal(pair[0], &vocabulary[id].text), json.Unmarshal(pair[1], &vocabulary[id].score))
		if err != nil {
			return nil, fmt.Errorf("read piece %d of the vocabulary: %w", id, err)
		}
	}
	return vocabulary, nil
}

// tensor is an array of the model; the numbers come row by row.
type tensor struct {
	shape   []int
	numbers []float32
}

// tensors are the arrays of the model by name. The first that is missing or of another shape than expected is remembered.
type tensors struct {
	byName map[string]tensor
	err    error
}

// parseTensors reads a TensorFlow.js graph model: model.json lists the arrays in the order in which the shards, one after
// the other, hold them as little-endian numbers of four bytes.
func parseTensors(files map[string][]byte) (*tensors, error) {
	var model struct {
		WeightsManifest []struct {
			Paths   []string
			Weights []struct {
				Name, Dtype string
				Shape       []int
			}
		}
	}
	if err := json.Unmarshal(files["model.json"], &model); err != nil {
		return nil, fmt.Errorf("read the model: %w", err)
	}
	t := &tensors{byName: map[string]tensor{}}
	for _, group := range model.WeightsManifest {
		var shards [][]byte
		for _, path := range group.Paths {
			shards = append(shards, files[path])
		}
		raw := bytes.Join(shards, nil)
		for _, weight := range group.Weights {
			size := 1
			for _, n := range weight.Shape {
				size *= n
			}
			if len(raw) < 4*size {
				return nil, fmt.Errorf("the model ends inside %s", weight.Name)
			}
			if weight.Dtype == "float32" {
				t.byName[weight.Name] = tensor{weight.Shape, floats(raw[:4*size])}
			}
			raw = raw[4*size:]
		}
	}
	return t, nil
}

func floats(raw []byte) []float32 {
	numbers := make([]float32, len(raw)/4)
	for i := range numbers {
		numbers[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return numbers
}

// get returns the numbers of an array that has the shape, whose leading ones do not count.
func (t *tensors) get(name string, shape ...int) []float32 {
	found := t.byName[name]
	for len(found.shape) > len(shape) && found.shape[0] == 1 {
		found.shape = found.shape[1:]
	}
	if !slices.Equal(found.shape, shape) {
		if t.err == nil {
			t.err = fmt.Errorf("the model's array %s has the shape %v and not %v", name, found.shape, shape)
		}
		size := 1
		for _, n := range shape {
			size *= n
		}
		return make([]float32, size)
	}
	return found.numbers
}
