package auditlog

import "time"

// Row is one stored audit entry: the body and the columns that repeat parts of it. The columns are
// checked too, because pages search by them.
type Row struct {
	Seq    int64
	Body   []byte
	Hash   []byte  // LeafHash(Body)
	Prev   []byte  // hash of the row before; 32 zero bytes for the first
	Copies *Copies // the columns kept for searching; nil where there are none, as in a bundle
}

// Copies are the parts of a body that the database repeats in columns of their own.
type Copies struct {
	At                                time.Time
	Actor, ActorName, Action          string // Actor is empty for null
	ObjectType, ObjectID, ObjectLabel string // ObjectID is empty for null
}

func (c Copies) match(e Entry) bool {
	at := c.At.UTC()
	c.At = e.At
	return at.Equal(e.At) && c == Copies{
		At: e.At, Actor: e.Actor, ActorName: e.ActorName, Action: e.Action,
		ObjectType: e.Object.Type, ObjectID: e.Object.ID, ObjectLabel: e.Object.Label,
	}
}
