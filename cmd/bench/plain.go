package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// plainEncoder is the sentence encoder as one writes it down at first: the proof of concept that store/embed grew from. It
// computes one text at a time with a loop over each matrix, and stays here as what the real one is measured against.
type plainEncoder struct {
	tensors map[string]plainTensor
	pieces  map[string]plainPiece
	longest int // piece, in characters
}

type plainTensor struct {
	rows, cols int
	numbers    []float32
}

type plainPiece struct {
	id    int
	score float64
}

const (
	plainApplied = "module_apply_default/Encoder_en/KonaTransformer/Encode/"
	plainKernels = "module/Encoder_en/KonaTransformer/Encode/"
)

func loadPlain(dir string) (*plainEncoder, error) {
	text, err := os.ReadFile(filepath.Join(dir, "model.json"))
	if err != nil {
		return nil, err
	}
	var model struct {
		WeightsManifest []struct {
			Paths   []string
			Weights []struct {
				Name, Dtype string
				Shape       []int
			}
		}
	}
	if err := json.Unmarshal(text, &model); err != nil {
		return nil, err
	}
	var raw []byte
	for _, path := range model.WeightsManifest[0].Paths {
		shard, err := os.ReadFile(filepath.Join(dir, path))
		if err != nil {
			return nil, err
		}
		raw = append(raw, shard...)
	}
	e := &plainEncoder{tensors: map[string]plainTensor{}, pieces: map[string]plainPiece{}}
	for _, weight := range model.WeightsManifest[0].Weights {
		size, cols := 1, 1
		for _, cols = range weight.Shape {
			size *= cols
		}
		t := plainTensor{size / cols, cols, make([]float32, size)}
		for i := range t.numbers {
			t.numbers[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
		}
		e.tensors[weight.Name] = t
		raw = raw[4*size:]
	}
	return e, e.loadPieces(filepath.Join(dir, "vocab.json"))
}

func (e *plainEncoder) loadPieces(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var pairs [][]any
	if err := json.Unmarshal(text, &pairs); err != nil {
		return err
	}
	for id, pair := range pairs {
		if id >= 6 {
			piece := pair[0].(string)
			score, _ := pair[1].(float64)
			e.pieces[piece] = plainPiece{id, score}
			e.longest = max(e.longest, len([]rune(piece)))
		}
	}
	return nil
}

func (e *plainEncoder) tokens(text string) []int {
	chars := []rune("▁" + strings.ReplaceAll(norm.NFKC.String(text), " ", "▁"))
	n := len(chars)
	best, from, id := make([]float64, n+1), make([]int, n+1), make([]int, n+1)
	for i := 1; i <= n; i++ {
		best[i] = math.Inf(-1)
	}
	for i := range n {
		for length := 1; length <= e.longest && i+length <= n; length++ {
			if p, ok := e.pieces[string(chars[i:i+length])]; ok {
				if score := best[i] + p.score; score >= best[i+length] {
					best[i+length], from[i+length], id[i+length] = score, i, p.id
				}
			}
		}
		if best[i]-30 > best[i+1] {
			best[i+1], from[i+1], id[i+1] = best[i]-30, i, 0
		}
	}
	var back []int
	for i := n; i > 0; i = from[i] {
		back = append(back, id[i])
	}
	ids := make([]int, len(back))
	for i, id := range back {
		ids[len(ids)-1-i] = id
	}
	return ids[:min(len(ids), 128)]
}

// dense is y[n×out] = x[n×in]·w[in×out] + b.
func (e *plainEncoder) dense(x []float32, n int, weights, bias string) []float32 {
	w, b := e.tensors[weights], e.tensors[bias].numbers
	in, out := w.rows, w.cols
	y := make([]float32, n*out)
	for t := range n {
		copy(y[t*out:(t+1)*out], b)
	}
	for k := range in {
		row := w.numbers[k*out : k*out+out]
		for t := range n {
			a := x[t*in+k]
			if a == 0 {
				continue
			}
			to := y[t*out : t*out+out : t*out+out]
			for j, weight := range row {
				to[j] += a * weight
			}
		}
	}
	return y
}

func (e *plainEncoder) layerNorm(x []float32, n int, prefix string) []float32 {
	scale, bias := e.tensors[prefix+"scale/ConcatPartitions/concat"].numbers, e.tensors[prefix+"bias/ConcatPartitions/concat"].numbers
	width := len(scale)
	y := make([]float32, n*width)
	for t := range n {
		row := x[t*width : t*width+width]
		var mean, variance float64
		for _, a := range row {
			mean += float64(a)
		}
		mean /= float64(width)
		for _, a := range row {
			variance += (float64(a) - mean) * (float64(a) - mean)
		}
		inverse := 1 / math.Sqrt(variance/float64(width)+1e-6)
		for i, a := range row {
			y[t*width+i] = scale[i]*float32((float64(a)-mean)*inverse) + bias[i]
		}
	}
	return y
}

func (e *plainEncoder) layer(x []float32, n, number, width int) []float32 {
	name := fmt.Sprintf("Layer_%d/TransformerLayer/", number)
	const joined = "/ConcatPartitions/concat"
	rest := x
	if number == 0 {
		rest = e.dense(x, n, plainApplied+name+"dense/kernel"+joined, plainApplied+name+"dense/bias"+joined)
	}
	h := e.layerNorm(x, n, plainApplied+name+"layer_prepostprocess/layer_norm/layer_norm_")
	attention := name + "MultiheadAttention/"
	qkv := e.dense(h, n, plainKernels+attention+"qkv_transform_single/kernel/part_0", plainApplied+attention+"qkv_transform_single/bias"+joined)
	out := e.dense(plainAttend(qkv, n, width), n, plainKernels+attention+"output_transform_single/kernel/part_0", plainApplied+attention+"output_transform_single/bias"+joined)
	for i := range out {
		out[i] += rest[i]
	}
	f := e.layerNorm(out, n, plainApplied+name+"FFN/layer_prepostprocess/layer_norm/layer_norm_")
	f = e.dense(f, n, plainApplied+"TransformerStack/"+name+"FFN/conv1/Tensordot/Reshape_1", plainApplied+name+"FFN/conv1/bias"+joined)
	for i := range f {
		if f[i] < 0 {
			f[i] = 0
		}
	}
	f = e.dense(f, n, plainApplied+"TransformerStack/"+name+"FFN/conv2/Tensordot/Reshape_1", plainApplied+name+"FFN/conv2/bias"+joined)
	for i := range out {
		out[i] += f[i]
	}
	return out
}

func plainAttend(qkv []float32, n, width int) []float32 {
	share := width / 4
	scale := float32(1 / math.Sqrt(float64(share)))
	out, weights := make([]float32, n*width), make([]float64, n)
	for head := range 4 {
		for i := range n {
			query := qkv[i*3*width+head*share:][:share]
			top := math.Inf(-1)
			for j := range n {
				key := qkv[j*3*width+width+head*share:][:share]
				var s float32
				for k := range query {
					s += query[k] * scale * key[k]
				}
				weights[j] = float64(s)
				top = max(top, weights[j])
			}
			var sum float64
			for j := range weights {
				weights[j] = math.Exp(weights[j] - top)
				sum += weights[j]
			}
			to := out[i*width+head*share:][:share]
			for j := range n {
				a := float32(weights[j] / sum)
				value := qkv[j*3*width+2*width+head*share:][:share]
				for k := range to {
					to[k] += a * value[k]
				}
			}
		}
	}
	return out
}

func (e *plainEncoder) embed(text string) []float32 {
	ids := e.tokens(text)
	n := len(ids)
	table := e.tensors["module/Embeddings_en"].numbers
	waves := e.tensors[plainApplied+"TransformerStack/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1"].numbers
	x := make([]float32, n*256)
	for t, id := range ids {
		for i := range 256 {
			a := float64(t) * float64(waves[i%128])
			wave := math.Sin(a)
			if i >= 128 {
				wave = math.Cos(a)
			}
			x[t*256+i] = 2*table[id*256+i] + float32(wave)
		}
	}
	x = e.layer(e.layer(x, n, 0, 256), n, 1, 512)
	pooled := make([]float32, 512)
	for i := range x {
		pooled[i%512] += x[i] / float32(n)
	}
	y := e.dense(pooled, 1, "module/Encoder_en/hidden_layers/tanh_layer_0/weights", "module/Encoder_en/hidden_layers/tanh_layer_0/bias")
	var square float64
	for i := range y {
		y[i] = float32(math.Tanh(float64(y[i])))
		square += float64(y[i]) * float64(y[i])
	}
	for i := range y {
		y[i] *= float32(1 / math.Sqrt(square))
	}
	return y
}
