package embed

// batchTokens is how many pieces go through the network together: enough to use each weight many times while it is near,
// and not so many that their rows no longer are.
const batchTokens = 256

// workspace is the memory for one batch, 4 MB, used again for the next.
type workspace struct {
	states  []float32 // Dimensions for each piece: what the layers add to
	normals []float32 // the same: what goes into a part of a layer
	wides   []float32 // innerWidth for each piece: queries, keys and values; later the inside of the feed-forward network
	scores  []float32 // how much each piece of one text looks at each other, for one head
	panels  []float32 // the keys or the values of one text and one head
}

func newWorkspace() *workspace {
	const rows = batchTokens + tileRows - 1 // tiles reach over the end
	return &workspace{
		states:  make([]float32, rows*Dimensions),
		normals: make([]float32, rows*Dimensions),
		wides:   make([]float32, rows*innerWidth),
		scores:  make([]float32, (maxTokens+tileRows-1)*maxTokens),
		panels:  make([]float32, maxTokens*Dimensions/heads),
	}
}

func (w *workspace) state() grid           { return grid{w.states, Dimensions} }
func (w *workspace) normal(width int) grid { return grid{w.normals, width} }
func (w *workspace) wide(width int) grid   { return grid{w.wides, width} }

// row returns the first numbers of row i.
func (g grid) row(i, width int) []float32 { return g.numbers[i*g.stride:][:width] }

// from returns the grid without the rows before i.
func (g grid) from(i int) grid { return grid{g.numbers[i*g.stride:], g.stride} }

// at returns the grid without the columns before col.
func (g grid) at(col int) grid { return grid{g.numbers[col:], g.stride} }
