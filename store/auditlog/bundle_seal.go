package auditlog

import (
	"fmt"
	"io"
)

func (c *bundleCheck) seal() error {
	line, err := c.line()
	if err != nil {
		return err
	}
	if err := c.checkSeal(line, c.lines.sum.Sum(nil)); err != nil {
		return err
	}
	if _, err := c.lines.next(); err != io.EOF {
		return faultf(0, "The bundle goes on after its seal.")
	}
	c.report.SealHolds = true
	return nil
}

func (c *bundleCheck) checkSeal(line, sum []byte) error {
	var l sealLine
	if err := decodeLine(line, &l); err != nil {
		return faultf(0, "The last line of the bundle is not its seal: %v.", err)
	}
	text, err := OpenNote([]byte(l.Seal), c.key)
	if err != nil {
		return faultf(0, "The seal of the bundle cannot be trusted: %v.", err)
	}
	if text != sealText(c.report.Manifest.Org, sum) {
		return faultf(0, "The bundle was changed after it was exported: its seal is over other content.")
	}
	return nil
}

// sealAfterFault reads on to the end to learn whether the file is as it was exported, which tells
// damage in the log from damage to the file.
func (c *bundleCheck) sealAfterFault() bool {
	var last, sum []byte
	for {
		line, err := c.lines.next()
		if err == io.EOF {
			return last != nil && c.checkSeal(last, sum) == nil
		}
		if err != nil {
			return false
		}
		last, sum = append(last[:0], line...), c.lines.sum.Sum(sum[:0])
	}
}

// sealText is what the seal signs. Its form cannot be taken for a checkpoint's.
func sealText(org string, sum []byte) string {
	return fmt.Sprintf("%s\norg %s\nsha256 %x\n", BundleFormat, org, sum)
}
