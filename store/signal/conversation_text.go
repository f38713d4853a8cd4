package signal

import (
	"regexp"
	"slices"
	"strings"
)

// speakerLine is a line that begins a message: a name of at most four words, a colon, and nothing or a space after it.
var speakerLine = regexp.MustCompile(`^\s*(?:\*\*)?(\p{L}[\p{L}\p{N}.'’_-]*(?: [\p{L}\p{N}(][\p{L}\p{N}.'’)_-]*){0,3})(?:\*\*)?:(?:\*\*)?(?:\s+(.*))?$`)

// ParseConversation reads a conversation that was pasted as text. A line such as "Ada: Good morning" begins a message; the lines after it
// belong to it until the next name. Without any name the whole text is one message of a person.
func ParseConversation(text string) []Message {
	var out []Message
	for line := range strings.SplitSeq(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(Clean(text)), "\n") {
		if m := speakerLine.FindStringSubmatch(line); m != nil {
			out = append(out, Message{Role: roleOf(m[1]), Author: m[1], Content: m[2]})
		} else if len(out) > 0 {
			out[len(out)-1].Content += "\n" + line
		} else if strings.TrimSpace(line) != "" {
			out = append(out, Message{Role: User, Content: line})
		}
	}
	for i := range out {
		out[i].Content = strings.TrimSpace(out[i].Content)
	}
	return slices.DeleteFunc(out, func(m Message) bool { return m.Content == "" })
}

// roleOf guesses the side of a speaker from the name.
func roleOf(name string) Role {
	switch strings.ToLower(name) {
	case "assistant", "ai", "bot", "chatgpt", "gpt", "claude", "gemini", "copilot":
		return Assistant
	case "system", "instructions":
		return System
	case "tool", "function":
		return Tool
	}
	return User
}
