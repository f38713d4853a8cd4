package signal

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"time"
)

// Offset is a place in a recording, counted from its start. In JSON it is a number of seconds. It goes down to the
// microsecond and up to 1000 hours.
type Offset time.Duration

// longest keeps every Offset exact as a float64 of seconds.
const longest = 1000 * time.Hour

// MarshalJSON writes seconds.
func (o Offset) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(time.Duration(o).Microseconds())/1e6, 'f', -1, 64), nil
}

// UnmarshalJSON reads seconds.
func (o *Offset) UnmarshalJSON(text []byte) error {
	var seconds float64
	if err := json.Unmarshal(text, &seconds); err != nil {
		return err
	}
	if math.Abs(seconds) > longest.Seconds() {
		return errors.New("longer than any recording")
	}
	*o = Offset(time.Duration(math.Round(seconds*1e6)) * time.Microsecond)
	return nil
}
