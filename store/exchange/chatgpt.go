package exchange

import (
	"encoding/json"
	"slices"
	"strings"

	"surrealm/store/signal"
)

// chatGPT is a conversation of a ChatGPT export: a tree, because every edit of a question and every new answer begins a branch.
type chatGPT struct {
	Title          string             `json:"title"`
	ID             string             `json:"id"`
	ConversationID string             `json:"conversation_id"`
	CreateTime     *float64           `json:"create_time"`
	CurrentNode    string             `json:"current_node"`
	Model          string             `json:"default_model_slug"`
	Mapping        map[string]gptNode `json:"mapping"`
}

type gptNode struct {
	Message  *gptMessage `json:"message"`
	Parent   string      `json:"parent"`
	Children []string    `json:"children"`
}

type gptMessage struct {
	Author struct {
		Role string `json:"role"`
		Name string `json:"name"`
	} `json:"author"`
	CreateTime *float64 `json:"create_time"`
	Content    struct {
		Type  string            `json:"content_type"`
		Text  string            `json:"text"`
		Parts []json.RawMessage `json:"parts"`
	} `json:"content"`
	Metadata struct {
		Hidden bool   `json:"is_visually_hidden_from_conversation"`
		Model  string `json:"model_slug"`
	} `json:"metadata"`
}

func chatGPTRow(name string, value json.RawMessage) Row {
	var c chatGPT
	if json.Unmarshal(value, &c) != nil {
		return badRow(name, "This conversation of ChatGPT cannot be read.")
	}
	out := talk{platform: "chatgpt", label: "ChatGPT", id: c.ConversationID, title: c.Title, model: c.Model, began: epoch(c.CreateTime)}
	if out.id == "" {
		out.id = c.ID
	}
	for _, node := range c.branch() {
		if node.Message == nil || node.Message.Metadata.Hidden {
			continue
		}
		role := signal.Role(node.Message.Author.Role)
		if role.Label() == "" {
			role = signal.Tool
		}
		m, ok := message(role, node.Message.text(), epoch(node.Message.CreateTime))
		if !ok {
			continue
		}
		m.Author = signal.Clean(node.Message.Author.Name)
		out.messages = append(out.messages, m)
		if out.model == "" {
			out.model = node.Message.Metadata.Model
		}
	}
	return out.row(name)
}

// branch is the nodes from the root to the current one: what its owner saw last. Without a current node it is the newest branch.
func (c chatGPT) branch() []gptNode {
	id := c.CurrentNode
	if _, ok := c.Mapping[id]; !ok {
		id = c.newestLeaf()
	}
	var out []gptNode
	seen := map[string]bool{}
	for {
		node, ok := c.Mapping[id]
		if !ok || seen[id] { // a ring is no tree: stop where it closes
			break
		}
		seen[id] = true
		out = append(out, node)
		id = node.Parent
	}
	slices.Reverse(out)
	return out
}

func (c chatGPT) newestLeaf() string {
	var roots []string
	for id, node := range c.Mapping {
		if _, ok := c.Mapping[node.Parent]; !ok {
			roots = append(roots, id)
		}
	}
	if len(roots) == 0 {
		return ""
	}
	id := slices.Min(roots)
	for range c.Mapping {
		children := c.Mapping[id].Children
		if len(children) == 0 {
			break
		}
		id = children[len(children)-1]
	}
	return id
}

// text is the words of a message. What it shows or plays is named in brackets; what the model thinks is left out.
func (m gptMessage) text() string {
	switch m.Content.Type {
	case "thoughts", "reasoning_recap", "user_editable_context", "model_editable_context":
		return ""
	}
	if len(m.Content.Parts) == 0 {
		return m.Content.Text
	}
	var out []string
	for _, part := range m.Content.Parts {
		var object struct {
			Type string `json:"content_type"`
			Text string `json:"text"`
		}
		switch {
		case asText(part) != "":
			out = append(out, asText(part))
		case json.Unmarshal(part, &object) != nil:
		case object.Text != "":
			out = append(out, object.Text)
		case strings.HasPrefix(object.Type, "image"):
			out = append(out, "[image]")
		case object.Type != "":
			out = append(out, "["+strings.ReplaceAll(strings.TrimSuffix(object.Type, "_asset_pointer"), "_", " ")+"]")
		}
	}
	return strings.Join(out, "\n\n")
}
