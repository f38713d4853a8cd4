package views

// SlugURL tells whether an organisation's address is free.
func SlugURL() string { return "/register/slug" }

// SlugCheck is what is known about an organisation's address: nothing while Slug is "", and that it is free while
// Problem is. Free is another one to take instead.
type SlugCheck struct{ Slug, Problem, Free string }
