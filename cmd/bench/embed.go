package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"

	"surrealm/store/datadir"
	"surrealm/store/embed"
)

// measureEmbed measures pieces of words (tokens) in a second: the encoder on one core and on all, beside plain loops that
// compute the same on one core, and one short text alone, as a search has it.
func measureEmbed(b *bench) error {
	dir := datadir.Models(datadir.Find(os.Getenv))
	var sentence *embed.Sentence
	loaded, err := seconds(func() (err error) {
		sentence, err = embed.Load(dir)
		return err
	})
	if err != nil {
		return err
	}
	plain, err := loadPlain(filepath.Join(dir, embed.Folder))
	if err != nil {
		return err
	}
	texts := embedTexts()
	few := texts[:8] // more would only take longer
	if b.Quick {
		few, texts = texts[:1], texts[:16]
	}
	if err := sameVectors(sentence, plain, few); err != nil {
		return err
	}

	tokens := func(texts []string) (sum float64) {
		for _, text := range texts {
			sum += float64(sentence.Tokens(text))
		}
		return sum
	}
	encode := func(texts []string, cores int) (float64, error) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		return seconds(func() error {
			_, err := sentence.Encode(context.Background(), texts)
			return err
		})
	}
	var plainly, one, all, alone []float64
	for range b.rounds() {
		took, err := seconds(func() error {
			for _, text := range few {
				plain.embed(text)
			}
			return nil
		})
		if err != nil {
			return err
		}
		plainly = append(plainly, tokens(few)/took)
		for _, part := range []struct {
			rates *[]float64
			texts []string
			cores int
		}{{&one, texts, 1}, {&all, texts, runtime.NumCPU()}, {&alone, texts[:1], 1}} {
			took, err := encode(part.texts, part.cores)
			if err != nil {
				return err
			}
			*part.rates = append(*part.rates, tokens(part.texts)/took)
		}
	}
	baseline := b.report("plain", median(plainly), "tokens/s")
	single := b.compare("one_core_"+embed.Kernel(), median(one), "tokens/s", baseline)
	b.compare(fmt.Sprintf("all_%d_cores", runtime.NumCPU()), median(all), "tokens/s", single)
	b.report("one_query", 1000*tokens(texts[:1])/median(alone), "ms")
	b.report("load", 1000*loaded, "ms")
	return nil
}

// sameVectors makes sure that the two compute the same.
func sameVectors(sentence *embed.Sentence, plain *plainEncoder, texts []string) error {
	vectors, err := sentence.Encode(context.Background(), texts)
	if err != nil {
		return err
	}
	for i, vector := range vectors {
		for j, a := range plain.embed(texts[i]) {
			if !(math.Abs(float64(a-vector[j])) < 1e-5) {
				return fmt.Errorf("the plain loops and the encoder do not agree about %q", texts[i])
			}
		}
	}
	return nil
}

// embedTexts are 256 sentences of 5 to 60 words, the shortest first.
func embedTexts() []string {
	sentences := []string{
		"Reset the pressure alarm first.",
		"The customer was billed twice for the same month and wants to know why nobody answered the first letter.",
		"During the night shift the reserve pump was switched on by hand, which the log does not mention, and the morning crew found the valve half closed.",
		"Patients who arrive with chest pain are seen within ten minutes by a nurse who records their pulse, their blood pressure and the " +
			"time at which the pain began; a physician decides on the basis of that record whether the catheter laboratory has to be called, " +
			"and writes down the reasons when it is not called after all.",
	}
	var texts []string
	for i := range 256 {
		texts = append(texts, fmt.Sprintf("%s Case %d.", sentences[i*len(sentences)/256], i))
	}
	for i := range 8 { // the first eight are of all lengths, for those who only take these
		texts[i], texts[i*36] = texts[i*36], texts[i]
	}
	return texts
}
