package signal

// Every object that a signal holds as JSON is read and written by readObject and writeObject.

// MarshalJSON writes the object with everything in Extra.
func (d Document) MarshalJSON() ([]byte, error) { return writeObject(d) }

// UnmarshalJSON reads the object; what Document has no field for is kept in Extra.
func (d *Document) UnmarshalJSON(text []byte) error { return readObject(text, d) }

// MarshalJSON writes the object with everything in Extra.
func (p Photo) MarshalJSON() ([]byte, error) { return writeObject(p) }

// UnmarshalJSON reads the object; what Photo has no field for is kept in Extra.
func (p *Photo) UnmarshalJSON(text []byte) error { return readObject(text, p) }

// MarshalJSON writes the object with everything in Extra.
func (t Transmission) MarshalJSON() ([]byte, error) { return writeObject(t) }

// UnmarshalJSON reads the object; what Transmission has no field for is kept in Extra.
func (t *Transmission) UnmarshalJSON(text []byte) error { return readObject(text, t) }

// MarshalJSON writes the object with everything in Extra.
func (c Cue) MarshalJSON() ([]byte, error) { return writeObject(c) }

// UnmarshalJSON reads the object; what Cue has no field for is kept in Extra.
func (c *Cue) UnmarshalJSON(text []byte) error { return readObject(text, c) }

// MarshalJSON writes the object with everything in Extra.
func (c Conversation) MarshalJSON() ([]byte, error) { return writeObject(c) }

// UnmarshalJSON reads the object; what Conversation has no field for is kept in Extra.
func (c *Conversation) UnmarshalJSON(text []byte) error { return readObject(text, c) }

// MarshalJSON writes the object with everything in Extra.
func (m Message) MarshalJSON() ([]byte, error) { return writeObject(m) }

// UnmarshalJSON reads the object; what Message has no field for is kept in Extra.
func (m *Message) UnmarshalJSON(text []byte) error { return readObject(text, m) }

// MarshalJSON writes the object with everything in Extra.
func (d DocumentFacts) MarshalJSON() ([]byte, error) { return writeObject(d) }

// UnmarshalJSON reads the object; what DocumentFacts has no field for is kept in Extra.
func (d *DocumentFacts) UnmarshalJSON(text []byte) error { return readObject(text, d) }

// MarshalJSON writes the object with everything in Extra.
func (p PhotoFacts) MarshalJSON() ([]byte, error) { return writeObject(p) }

// UnmarshalJSON reads the object; what PhotoFacts has no field for is kept in Extra.
func (p *PhotoFacts) UnmarshalJSON(text []byte) error { return readObject(text, p) }

// MarshalJSON writes the object with everything in Extra.
func (t TransmissionFacts) MarshalJSON() ([]byte, error) { return writeObject(t) }

// UnmarshalJSON reads the object; what TransmissionFacts has no field for is kept in Extra.
func (t *TransmissionFacts) UnmarshalJSON(text []byte) error { return readObject(text, t) }

// MarshalJSON writes the object with everything in Extra.
func (y YouTube) MarshalJSON() ([]byte, error) { return writeObject(y) }

// UnmarshalJSON reads the object; what YouTube has no field for is kept in Extra.
func (y *YouTube) UnmarshalJSON(text []byte) error { return readObject(text, y) }

// MarshalJSON writes the object with everything in Extra.
func (v Vimeo) MarshalJSON() ([]byte, error) { return writeObject(v) }

// UnmarshalJSON reads the object; what Vimeo has no field for is kept in Extra.
func (v *Vimeo) UnmarshalJSON(text []byte) error { return readObject(text, v) }

// MarshalJSON writes the object with everything in Extra.
func (p Podcast) MarshalJSON() ([]byte, error) { return writeObject(p) }

// UnmarshalJSON reads the object; what Podcast has no field for is kept in Extra.
func (p *Podcast) UnmarshalJSON(text []byte) error { return readObject(text, p) }

// MarshalJSON writes the object with everything in Extra.
func (v Video) MarshalJSON() ([]byte, error) { return writeObject(v) }

// UnmarshalJSON reads the object; what Video has no field for is kept in Extra.
func (v *Video) UnmarshalJSON(text []byte) error { return readObject(text, v) }

// MarshalJSON writes the object with everything in Extra.
func (t TranscriptFacts) MarshalJSON() ([]byte, error) { return writeObject(t) }

// UnmarshalJSON reads the object; what TranscriptFacts has no field for is kept in Extra.
func (t *TranscriptFacts) UnmarshalJSON(text []byte) error { return readObject(text, t) }

// MarshalJSON writes the object with everything in Extra.
func (c Chapter) MarshalJSON() ([]byte, error) { return writeObject(c) }

// UnmarshalJSON reads the object; what Chapter has no field for is kept in Extra.
func (c *Chapter) UnmarshalJSON(text []byte) error { return readObject(text, c) }

// MarshalJSON writes the object with everything in Extra.
func (c ConversationFacts) MarshalJSON() ([]byte, error) { return writeObject(c) }

// UnmarshalJSON reads the object; what ConversationFacts has no field for is kept in Extra.
func (c *ConversationFacts) UnmarshalJSON(text []byte) error { return readObject(text, c) }

// MarshalJSON writes the object with everything in Extra.
func (a Action) MarshalJSON() ([]byte, error) { return writeObject(a) }

// UnmarshalJSON reads the object; what Action has no field for is kept in Extra.
func (a *Action) UnmarshalJSON(text []byte) error { return readObject(text, a) }

// MarshalJSON writes the object with everything in Extra.
func (e Entity) MarshalJSON() ([]byte, error) { return writeObject(e) }

// UnmarshalJSON reads the object; what Entity has no field for is kept in Extra.
func (e *Entity) UnmarshalJSON(text []byte) error { return readObject(text, e) }
