package signal

// The limits of a signal's fields, in characters where nothing else is said. Those that the table checks are the table's.
const (
	TitleLimit      = 200
	SourceLimit     = 200
	SummaryLimit    = 5000
	ExternalIDLimit = 500
	TagLimit        = 50
	TagsLimit       = 100 // tags
	PhraseLimit     = 200 // energy, inner state, orientation and each entry of a list
	ListLimit       = 100 // entries of a list
	ParagraphLimit  = 2000
	ActionsLimit    = 100       // actions, and as many entities
	PayloadLimit    = 640 << 10 // bytes of JSON; with everything else a signal stays below 1 MiB
	MetadataLimit   = 64 << 10  // bytes of JSON
	depthLimit      = 100       // levels of JSON
	numberLimit     = 1000      // digits and power of ten of a JSON number: PostgreSQL's numeric ends somewhere
)
