package views

import (
	"fmt"
	"strconv"
	"time"

	"surrealm/store/signal"
)

// offsetText is a place in a recording as people write it: 1:02, or 1:00:02 from an hour on.
func offsetText(at signal.Offset) string {
	seconds := int64(time.Duration(at) / time.Second)
	if seconds < 3600 {
		return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}

// offsetSeconds is a place in a recording for a script.
func offsetSeconds(at signal.Offset) string {
	return strconv.FormatFloat(time.Duration(at).Seconds(), 'f', -1, 64)
}
