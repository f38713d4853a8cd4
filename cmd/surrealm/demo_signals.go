package main

import (
	"fmt"
	"time"

	"surrealm/store"
	"surrealm/store/signal"
)

// demoRealm is where both people of the demonstration keep what they notice.
var demoRealm = store.RealmInput{
	Name: "Medicines safety", Description: "What we notice between the pharmacy, the ward and the way in between. Small things count.",
}

// demoNote is one observation: who noticed it, how many days ago, what, and with which tag.
type demoNote struct {
	reviewer    bool
	daysAgo     int
	title, text string
	tag         string
}

var demoNotes = []demoNote{
	{false, 2, "The balance drifted again", "The balance in the dispensing room showed 0.4 g with nothing on it. I zeroed it twice before the first bag could be weighed.", "balance"},
	{true, 5, "Weighing took three attempts", "Two weighings of the same infusion bag differed by more than a gram. The balance stands next to the fridge, which shakes when it starts.", "balance"},
	{false, 9, "No spare balance on Sunday", "The balance was out of service and nobody knew where the spare one is kept. The bags waited forty minutes.", "balance"},
	{true, 13, "Calibration sticker out of date", "The sticker on the balance says the calibration was due in August. The log book has no entry since.", "balance"},
	{false, 17, "Draught from the door", "When the door to the corridor opens, the reading of the balance jumps. A shield or another place would help.", "balance"},
	{true, 21, "Weight noted before the reading settled", "The weight was written down while the display of the balance still moved. The second check found it.", "balance"},

	{true, 1, "Two boxes that look alike", "Potassium chloride and sodium chloride ampoules came in boxes of the same blue. Both stood on the same shelf.", "labels"},
	{false, 4, "Label printed twice", "The printer put out the label of the patient before once more. It was on the tray and nearly went onto the wrong syringe.", "labels"},
	{true, 8, "Small print on the ampoule", "The strength on the ampoule is printed in grey on clear glass. I had to hold it against the lamp to read the label.", "labels"},
	{false, 12, "Look-alike names in the list", "Hydroxyzine and hydralazine stand one below the other in the ordering list. Tall letters on the label would set them apart.", "labels"},
	{true, 16, "Label over the expiry date", "Our own label covered the expiry date of the vial. We found out when the nurse asked for it.", "labels"},
	{false, 20, "New supplier, new colours", "The new supplier uses other colours for the strengths. The old chart on the wall is now wrong and should come down.", "labels"},

	{false, 3, "Handover without the list", "The night shift handed over by word of mouth because the printer was out of paper. One open order was missed until noon.", "handover"},
	{true, 7, "Phone rang during the handover", "The handover was interrupted four times by the telephone. We started again each time, and still forgot the pending check.", "handover"},
	{false, 11, "Who signs for the open order", "An order was begun before the change of shift and finished after it. Both shifts thought that the other one signs.", "handover"},
	{true, 15, "Handover at the shelf works better", "We tried the handover standing at the shelf with the open orders in hand. It took six minutes, and nothing was left over.", "handover"},
	{false, 19, "Weekend handover by message", "The weekend handover came as a message at six in the morning. The early shift read it at eight, after the first two orders.", "handover"},
	{true, 23, "A question mark in the notes", "The note of the late shift had a question mark beside a dose, without a word. The handover should say what is open and why.", "handover"},

	{true, 6, "The alarm of the fridge", "The alarm of the medicine fridge went off at 9.2 degrees. The door had not closed because a box stood out.", "cold chain"},
	{false, 10, "Temperature list with gaps", "The list of fridge temperatures has no entries for two weekends. The logger inside shows that nothing happened.", "cold chain"},
	{true, 14, "Insulin left on the counter", "A box of insulin stood on the counter for an hour after delivery. Cold deliveries need somebody who waits for them.", "cold chain"},
	{false, 18, "Ice packs still soft", "The ice packs for the transport box were put into the freezer too late and were still soft. The box reached 11 degrees.", "cold chain"},

	{false, 22, "Parking space of the courier", "The courier could not park at the back door because of the building site.", "building"},
	{true, 24, "Coffee machine", "The coffee machine in the break room is repaired.", ""},
}

// signals shares a realm between the two and lets both note what they noticed, and consent to clusters being found among it.
func (d demoContent) signals() error {
	slug, err := d.author.CreateRealm(d.ctx, demoRealm, store.SharedRealm)
	if err != nil {
		return fmt.Errorf("create the realm: %w", err)
	}
	if err := d.author.InviteToRealm(d.ctx, slug, d.reviewer.User.ID, store.Contributor); err != nil {
		return fmt.Errorf("invite to the realm: %w", err)
	}
	if err := d.reviewer.AnswerRealmInvitation(d.ctx, slug, true); err != nil {
		return fmt.Errorf("join the realm: %w", err)
	}
	for _, person := range []*store.Tenant{d.author, d.reviewer} {
		if err := person.GrantConsent(d.ctx, slug, store.NewConsent{Purpose: store.ToCluster, Scope: store.AllOfMine}); err != nil {
			return fmt.Errorf("consent: %w", err)
		}
	}
	today := time.Now().UTC().Truncate(24 * time.Hour)
	for n, note := range demoNotes {
		draft := signal.NewDraft(signal.DocumentType)
		draft.Title, draft.Payload = note.title, signal.Document{Content: note.text, Format: signal.Plain}
		draft.Context, draft.Status, draft.Visibility = signal.Observation, signal.Active, signal.Shared
		draft.CapturedAt = today.Add(-time.Duration(note.daysAgo)*24*time.Hour + time.Duration(7+n%11)*time.Hour)
		if note.tag != "" {
			draft.Tags = []string{note.tag}
		}
		person := d.author
		if note.reviewer {
			person = d.reviewer
		}
		if _, err := person.CreateSignal(d.ctx, store.NewSignal{Realm: slug, Draft: draft}); err != nil {
			return fmt.Errorf("note %q: %w", note.title, err)
		}
	}
	return nil
}
