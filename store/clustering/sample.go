package clustering

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Sample makes n items that are shaped like the signals of a busy realm, to measure with: about one topic
// for every hundred items, some large and many small, one item in twenty about nothing else's topic,
// 512 dimensions, sixty words, days of work with nights between, and a dozen sites. The same seed makes
// the same items.
func Sample(n int, seed uint64) []Item {
	random := rand.New(rand.NewPCG(seed, 0x73616d706c65))
	all := sampleTopic(random, 400)
	topics := make([]topic, n/100+3)
	for i := range topics {
		topics[i] = sampleTopic(random, 12)
	}
	at := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	items := make([]Item, n)
	for i := range items {
		// Squared, so that the first topics are large.
		about := topics[int(float64(len(topics))*math.Pow(random.Float64(), 2))]
		if random.IntN(20) == 0 {
			about = sampleTopic(random, 12)
		}
		own := sampleTopic(random, 1)
		at = at.Add(time.Duration(random.ExpFloat64() * float64(6*time.Minute)))
		if at.Hour() >= 17 {
			at = at.Truncate(24 * time.Hour).Add(32 * time.Hour)
		}
		items[i] = Item{
			ID:     sampleID(seed, i),
			Vector: mix(all.direction, about.direction, own.direction),
			At:     at,
			Place:  samplePlace(random),
			Text:   sampleText(random, all.words, about.words),
		}
	}
	return items
}

// topic is a direction in the space of embeddings and the words that go with it.
type topic struct {
	direction []float64
	words     []string
}

func sampleTopic(random *rand.Rand, words int) topic {
	t := topic{direction: make([]float64, 512)}
	for d := range t.direction {
		t.direction[d] = random.NormFloat64()
	}
	normalise(t.direction)
	for range words {
		var word strings.Builder
		for range 2 + random.IntN(3) {
			word.WriteByte("bdfgklmnprstvz"[random.IntN(14)])
			word.WriteByte("aeiou"[random.IntN(5)])
		}
		t.words = append(t.words, word.String())
	}
	return t
}

// mix weighs what all items share, the topic and what is the item's own: two items have a cosine of about
// 0.15, of one topic 0.7.
func mix(all, about, own []float64) []float32 {
	vector := make([]float32, len(all))
	for d := range vector {
		vector[d] = float32(math.Sqrt(0.15)*all[d] + math.Sqrt(0.55)*about[d] + math.Sqrt(0.3)*own[d])
	}
	return vector
}

func sampleText(random *rand.Rand, common, special []string) string {
	words := make([]string, 60)
	for i := range words {
		from := common
		if random.IntN(4) == 0 {
			from = special
		}
		words[i] = from[random.IntN(len(from))]
	}
	return strings.Join(words, " ")
}

// samplePlace is within some 300 m of one of twelve sites.
func samplePlace(random *rand.Rand) *Place {
	site := float64(random.IntN(12))
	return &Place{48 + site/10 + random.Float64()*0.004, 16 + random.Float64()*0.004}
}

// sampleID is like an id that the program makes for a signal, in the order of the items.
func sampleID(seed uint64, i int) uuid.UUID {
	var id uuid.UUID
	binary.BigEndian.PutUint32(id[:], uint32(i))
	binary.BigEndian.PutUint64(id[8:], seed)
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id
}
