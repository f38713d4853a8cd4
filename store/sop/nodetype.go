package sop

import "slices"

// NodeType says what kind of step a node is.
type NodeType string

// The nine kinds of step.
const (
	InformationGather NodeType = "INFORMATION_GATHER"
	Assessment        NodeType = "ASSESSMENT"
	Decision          NodeType = "DECISION"
	ActionDigital     NodeType = "ACTION_DIGITAL"
	ActionPhysical    NodeType = "ACTION_PHYSICAL"
	Checkpoint        NodeType = "CHECKPOINT"
	Escalation        NodeType = "ESCALATION"
	Documentation     NodeType = "DOCUMENTATION"
	Handover          NodeType = "HANDOVER"
)

// NodeTypes are the nine kinds in the order in which a form offers them.
var NodeTypes = []NodeType{
	InformationGather, Assessment, Decision, ActionDigital, ActionPhysical,
	Checkpoint, Escalation, Documentation, Handover,
}

// Valid reports whether t is one of the nine kinds.
func (t NodeType) Valid() bool { return slices.Contains(NodeTypes, t) }

// Ends reports whether a step of this kind may be the last one.
func (t NodeType) Ends() bool {
	return t == Documentation || t == Handover || t == Escalation
}

// Label is the kind in plain words, for people.
func (t NodeType) Label() string {
	switch t {
	case InformationGather:
		return "Gather information"
	case Assessment:
		return "Assess"
	case Decision:
		return "Decide"
	case ActionDigital:
		return "Digital action"
	case ActionPhysical:
		return "Physical action"
	case Checkpoint:
		return "Checkpoint"
	case Escalation:
		return "Escalate"
	case Documentation:
		return "Document"
	case Handover:
		return "Hand over"
	}
	return string(t)
}
