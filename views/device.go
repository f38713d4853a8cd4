package views

import "strings"

// browsers and systems are what a user agent contains when it is theirs. Order matters: most browsers also claim to be
// Chrome and Safari, and Android claims to be Linux.
var (
	browsers = []struct{ mark, name string }{
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Vivaldi", "Vivaldi"},
		{"Firefox", "Firefox"}, {"FxiOS", "Firefox"}, {"HeadlessChrome", "Chrome"}, {"CriOS", "Chrome"}, {"Chrome", "Chrome"},
		{"Safari", "Safari"}, {"curl/", "curl"},
	}
	systems = []struct{ mark, name string }{
		{"Android", "Android"}, {"iPhone", "an iPhone"}, {"iPad", "an iPad"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"},
		{"Macintosh", "a Mac"}, {"Mac OS X", "a Mac"}, {"Linux", "Linux"},
	}
)

// DeviceName says in plain words what a user agent stands for, such as "Firefox on Linux".
func DeviceName(agent string) string {
	browser, system := "", ""
	for _, b := range browsers {
		if strings.Contains(agent, b.mark) {
			browser = b.name
			break
		}
	}
	for _, s := range systems {
		if strings.Contains(agent, s.mark) {
			system = s.name
			break
		}
	}
	switch {
	case browser == "" && system == "":
		return "Unknown device"
	case browser == "":
		return "Unknown browser on " + system
	case system == "":
		return browser
	}
	return browser + " on " + system
}

// deviceAt names a device and its network address, as far as they are known.
func deviceAt(agent, ip string) string {
	switch {
	case agent == "" && ip == "":
		return ""
	case agent == "":
		return ip
	case ip == "":
		return DeviceName(agent)
	}
	return DeviceName(agent) + ", " + ip
}
