package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"surrealm/store"
	"surrealm/store/storetest"
)

func surrogateInput(role string) store.SurrogateInput {
	return store.SurrogateInput{
		RoleTitle: role, Domain: "healthcare", Jurisdiction: "European Union",
		Config: store.SurrogateConfig{
			Seniority: "Senior", Certifications: []string{"ALS"}, CommunicationStyle: "plain",
			Assertiveness: 5, EmpathyLevel: 7, RiskTolerance: "low", EscalationThreshold: 0.7,
		},
	}
}

func TestSurrogateRoundTrip(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	input := surrogateInput("Pharmacist")

	id, err := owner.CreateSurrogate(t.Context(), input)
	if err != nil {
		t.Fatal(err)
	}
	found, err := owner.Surrogate(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}

	if found.RoleTitle != input.RoleTitle || fmt.Sprint(found.Config) != fmt.Sprint(input.Config) || found.Status != store.SurrogateDraft {
		t.Errorf("found %+v", found.Surrogate)
	}
	if len(found.History) != 1 || found.History[0].Action != store.SurrogateCreated {
		t.Errorf("history = %+v", found.History)
	}
	if want := "Olga Owner created the surrogate “Pharmacist”"; found.History[0].Sentence() != want {
		t.Errorf("sentence = %q, want %q", found.History[0].Sentence(), want)
	}
}

func TestSurrogateInputOutOfRangeIsInvalid(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	input := surrogateInput("")
	input.Config.Assertiveness, input.Config.EscalationThreshold, input.Config.RiskTolerance = 11, 1.01, "reckless"

	_, err := owner.CreateSurrogate(t.Context(), input)

	var bad store.Invalid
	if !errors.As(err, &bad) {
		t.Fatalf("err = %v", err)
	}
	for _, field := range []string{"role_title", "assertiveness", "escalation_threshold", "risk_tolerance"} {
		if bad[field] == "" {
			t.Errorf("nothing said about %s", field)
		}
	}
}

func TestSecondEditorOfASurrogateConflicts(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	id, err := owner.CreateSurrogate(t.Context(), surrogateInput("Pharmacist"))
	if err != nil {
		t.Fatal(err)
	}

	first := owner.UpdateSurrogate(t.Context(), id, 1, surrogateInput("First"))
	second := owner.UpdateSurrogate(t.Context(), id, 1, surrogateInput("Second"))

	if first != nil || !errors.Is(second, store.ErrConflict) {
		t.Errorf("first = %v, second = %v", first, second)
	}
}

func TestSurrogateMoves(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	id, err := owner.CreateSurrogate(t.Context(), surrogateInput("Pharmacist"))
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		name string
		move store.SurrogateMove
		ok   bool
	}{
		{"activate without a certified procedure", store.ActivateSurrogate, false},
		{"pause a draft", store.PauseSurrogate, false},
		{"archive", store.ArchiveSurrogate, true},
		{"archive again", store.ArchiveSurrogate, false},
		{"restore", store.RestoreSurrogate, true},
	} {
		seen, err := owner.Surrogate(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if err := owner.MoveSurrogate(t.Context(), id, seen.Revision-1, step.move); !errors.Is(err, store.ErrConflict) {
			t.Errorf("%s another revision than was seen: err = %v", step.name, err)
		}
		err = owner.MoveSurrogate(t.Context(), id, seen.Revision, step.move)
		if step.ok && err != nil || !step.ok && !errors.Is(err, store.ErrConflict) {
			t.Errorf("%s: err = %v", step.name, err)
		}
	}
}

func TestSurrogateListPagesBothWaysInEveryOrder(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	for i := range 45 {
		if _, err := owner.CreateSurrogate(t.Context(), surrogateInput(fmt.Sprintf("Role %02d", i%9))); err != nil {
			t.Fatal(err)
		}
	}
	for _, sort := range []string{"", "name", "-name", "updated", "-updated", "created"} {
		var forth, back []string
		cursor := ""
		for {
			list, err := owner.Surrogates(t.Context(), store.SurrogateFilter{Sort: sort, Cursor: cursor})
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range list.Items {
				forth = append(forth, s.ID.String())
			}
			if list.Next == "" {
				cursor = list.Previous
				break
			}
			cursor = list.Next
		}
		for cursor != "" {
			list, err := owner.Surrogates(t.Context(), store.SurrogateFilter{Sort: sort, Cursor: cursor})
			if err != nil {
				t.Fatal(err)
			}
			page := []string{}
			for _, s := range list.Items {
				page = append(page, s.ID.String())
			}
			back = append(page, back...)
			cursor = list.Previous
		}
		if len(forth) != 45 || fmt.Sprint(back) != fmt.Sprint(forth[:40]) {
			t.Errorf("sort %q: %d forth, %d back", sort, len(forth), len(back))
		}
	}
}

func TestChoicesOfTheFiltersStayWhenNothingMatches(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	list, err := owner.Surrogates(t.Context(), store.SurrogateFilter{})
	if err != nil || len(list.Items)+len(list.Domains)+len(list.Jurisdictions) != 0 {
		t.Errorf("without any surrogate: %+v (%v)", list, err)
	}
	input := surrogateInput("Clerk")
	if _, err := owner.CreateSurrogate(t.Context(), input); err != nil {
		t.Fatal(err)
	}
	list, err = owner.Surrogates(t.Context(), store.SurrogateFilter{Query: "nothing like it"})
	if err != nil || len(list.Items) != 0 || !slices.Equal(list.Domains, []string{input.Domain}) || !slices.Equal(list.Jurisdictions, []string{input.Jurisdiction}) {
		t.Errorf("nothing matches: %+v (%v)", list, err)
	}
}

func TestSurrogateSearchTakesWildcardsLiterally(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	if _, err := owner.CreateSurrogate(t.Context(), surrogateInput("100% checker")); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]int{"100%": 1, "%": 1, "_": 0, "CHECK": 1, "nothing": 0} {
		list, err := owner.Surrogates(t.Context(), store.SurrogateFilter{Query: query})
		if err != nil || len(list.Items) != want {
			t.Errorf("query %q: %d found, want %d (%v)", query, len(list.Items), want, err)
		}
	}
}
