package clustering

// A partition is a list with the number of the part that each node is in.

// identity is the partition in which every node is alone.
func identity(n int) []int {
	alone := make([]int, n)
	for i := range alone {
		alone[i] = i
	}
	return alone
}

// renumber numbers the parts from 0 without gaps, in the order of their first node.
func renumber(part []int) []int {
	number := map[int]int{}
	out := make([]int, len(part))
	for i, p := range part {
		if _, seen := number[p]; !seen {
			number[p] = len(number)
		}
		out[i] = number[p]
	}
	return out
}

// membersOf lists the nodes of each part, ascending. Parts are numbered without gaps.
func membersOf(part []int) [][]int {
	var members [][]int
	for i, p := range part {
		for len(members) <= p {
			members = append(members, nil)
		}
		members[p] = append(members[p], i)
	}
	return members
}
