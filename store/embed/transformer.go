package embed

import (
	"fmt"
	"math"
)

const (
	embeddingWidth = 256  // of a piece of text
	innerWidth     = 1536 // inside a feed-forward network
	heads          = 4
	pieceCount     = 8002 // rows of the table of pieces
)

// transformer is the network with its weights, which nobody changes any more.
type transformer struct {
	pieces    []float32 // a row of embeddingWidth numbers for each id
	positions []float32 // the same for each place in a text
	widen     dense     // of the first layer's input, from embeddingWidth to Dimensions
	layers    [2]layer
	out       dense
}

// layer is attention, then a feed-forward network; each sees its input normalised, and is added to it.
type layer struct {
	width          int // of what attention sees
	before         layerNorm
	queryKeyValue  dense
	combine        dense
	middle         layerNorm
	expand, shrink dense
}

// dense is y = x·weights + bias.
type dense struct {
	weights matrix
	bias    []float32
}

// layerNorm is the normalisation of a row to mean 0 and variance 1, then scaled and moved (Ba et al., 2016, arXiv:1607.06450).
type layerNorm struct{ scale, bias []float32 }

// newTransformer takes the arrays by the names that they have in the model's graph.
func newTransformer(t *tensors) (*transformer, error) {
	const (
		kernels = "module/Encoder_en/KonaTransformer/Encode/"
		applied = "module_apply_default/Encoder_en/KonaTransformer/Encode/"
		stack   = applied + "TransformerStack/"
		joined  = "/ConcatPartitions/concat"
	)
	denseOf := func(weights, bias string, in, out int) dense {
		return dense{newMatrix(in, out, t.get(weights, in, out)), t.get(bias, out)}
	}
	normOf := func(prefix string, width int) layerNorm {
		prefix += "layer_prepostprocess/layer_norm/layer_norm_"
		return layerNorm{t.get(prefix+"scale"+joined, width), t.get(prefix+"bias"+joined, width)}
	}
	layerOf := func(number, width int) layer {
		name := fmt.Sprintf("Layer_%d/TransformerLayer/", number)
		attention, forward := name+"MultiheadAttention/", name+"FFN/"
		return layer{
			width:         width,
			before:        normOf(applied+name, width),
			queryKeyValue: denseOf(kernels+attention+"qkv_transform_single/kernel/part_0", applied+attention+"qkv_transform_single/bias"+joined, width, 3*width),
			combine:       denseOf(kernels+attention+"output_transform_single/kernel/part_0", applied+attention+"output_transform_single/bias"+joined, width, Dimensions),
			middle:        normOf(applied+forward, Dimensions),
			expand:        denseOf(stack+forward+"conv1/Tensordot/Reshape_1", applied+forward+"conv1/bias"+joined, Dimensions, innerWidth),
			shrink:        denseOf(stack+forward+"conv2/Tensordot/Reshape_1", applied+forward+"conv2/bias"+joined, innerWidth, Dimensions),
		}
	}
	const input = "Layer_0/TransformerLayer/dense/"
	n := &transformer{
		pieces:    t.get("module/Embeddings_en", pieceCount, embeddingWidth),
		positions: positions(t.get(stack+"Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1", embeddingWidth/2)),
		widen:     denseOf(applied+input+"kernel"+joined, applied+input+"bias"+joined, embeddingWidth, Dimensions),
		layers:    [2]layer{layerOf(0, embeddingWidth), layerOf(1, Dimensions)},
		out:       denseOf("module/Encoder_en/hidden_layers/tanh_layer_0/weights", "module/Encoder_en/hidden_layers/tanh_layer_0/bias", Dimensions, Dimensions),
	}
	return n, t.err
}

// positions returns what tells the network where in the text a piece stands: waves of the given frequencies, first their
// sines, then their cosines.
func positions(frequencies []float32) []float32 {
	rows := make([]float32, 0, maxTokens*2*len(frequencies))
	for place := range maxTokens {
		for _, wave := range []func(float64) float64{math.Sin, math.Cos} {
			for _, frequency := range frequencies {
				rows = append(rows, float32(wave(float64(place)*float64(frequency))))
			}
		}
	}
	return rows
}

// encode returns the vectors of texts, given as the ids of their pieces. No text is empty, and together they have at most
// batchTokens pieces. All texts go through each matrix together, each row for itself: a text's vector does not depend on
// the texts beside it.
func (n *transformer) encode(texts [][]int32, w *workspace) [][]float32 {
	rows := n.lookUp(texts, w)
	state, input := w.state(), w.normal(embeddingWidth)
	n.widen.apply(state, input, rows)

	// The first layer's attention sees the narrow input, the second's the state.
	n.layers[0].apply(state, input, texts, rows, w)
	n.layers[1].apply(state, state, texts, rows, w)

	pooled := w.normal(Dimensions)
	means(pooled, state, texts)
	n.out.apply(state, pooled, len(texts))
	vectors := make([][]float32, len(texts))
	for i := range texts {
		vectors[i] = unit(state.row(i, Dimensions))
	}
	return vectors
}

// lookUp writes the row of each piece, and returns how many there are. That the table's numbers count twice is how the
// model was exported.
func (n *transformer) lookUp(texts [][]int32, w *workspace) int {
	rows, out := 0, w.normal(embeddingWidth)
	for _, ids := range texts {
		for place, id := range ids {
			row := out.row(rows, embeddingWidth)
			piece := n.pieces[int(id)*embeddingWidth:][:len(row)]
			position := n.positions[place*embeddingWidth:][:len(row)]
			for i := range row {
				row[i] = 2*piece[i] + position[i]
			}
			rows++
		}
	}
	return rows
}

// apply computes the layer: state holds what its parts are added to, input what attention sees.
func (l *layer) apply(state, input grid, texts [][]int32, rows int, w *workspace) {
	normal, wide := w.normal(l.width), w.wide(3*l.width)
	l.before.apply(normal, input, rows)
	l.queryKeyValue.apply(wide, normal, rows)
	row := 0
	for _, ids := range texts {
		attend(normal.from(row), wide.from(row), len(ids), l.width, w)
		row += len(ids)
	}
	l.combine.add(state, normal, rows)

	normal, wide = w.normal(Dimensions), w.wide(innerWidth)
	l.middle.apply(normal, state, rows)
	l.expand.apply(wide, normal, rows)
	rectify(wide.numbers[:rows*innerWidth])
	l.shrink.add(state, wide, rows)
}

// apply computes y = x·weights + bias.
func (d *dense) apply(y, x grid, rows int) {
	for i := range roundUp(rows, tileRows) {
		copy(y.row(i, len(d.bias)), d.bias)
	}
	multiplyAdd(y, x, d.weights, rows)
}

// add computes y += x·weights + bias.
func (d *dense) add(y, x grid, rows int) {
	for i := range rows {
		for j, b := range d.bias {
			y.numbers[i*y.stride+j] += b
		}
	}
	multiplyAdd(y, x, d.weights, rows)
}
