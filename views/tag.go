package views

import (
	"strconv"

	"surrealm/store"
)

// TagListView is what the page of tags shows.
type TagListView struct {
	Org     string
	Can     FrameCan
	Query   string
	Tags    []store.TagCount
	Rename  string // the tag whose form is open; "" for none
	To      string // what was typed into it
	Bad     store.Invalid
	Renamed store.TagCount // the tag of Rename
}

// TagRenameForm is the form by which a tag gets another name.
type TagRenameForm struct {
	From string `form:"from"`
	To   string `form:"to"`
}

// consequence says what renaming would do, before it is done.
func (v TagListView) consequence() string {
	tag := v.Renamed
	if tag.Editable == 0 {
		return "You may change none of the signals with this tag."
	}
	text := "The tag changes on " + signalsText(tag.Editable) + ". If the other name is a tag already, the two become one, and nobody can take them apart again."
	if kept := tag.Signals - tag.Editable; kept > 0 {
		text += " " + strconv.Itoa(kept) + " more that you may only read keep the old name."
	}
	return text
}

func tagURL(org, tag string) string { return withQuery(SignalsURL(org), queryOf("tag", tag)) }

func renameTagURL(org, query, tag string) string {
	return withQuery(TagsURL(org), queryOf("q", query, "rename", tag)) + "#rename"
}
