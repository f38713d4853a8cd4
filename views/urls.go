package views

// Every address of the site is made here, so that no template and no handler writes one in pieces.

// OrgURL is an organisation's dashboard.
func OrgURL(org string) string { return "/o/" + org }
