package embed

// TokenIDs returns the ids of the pieces that the encoder reads of a text.
func (s *Sentence) TokenIDs(text string) []int32 { return s.tokens(text) }
