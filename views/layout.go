package views

func plainTitle(title string) string {
	if title == "" {
		return "Surrealm"
	}
	return title + " · Surrealm"
}
