package store_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/sop"
	"surrealm/store/sop/library"
	"surrealm/store/storetest"
)

// surrogateFor makes a surrogate that fits a document, behind the store's back.
func surrogateFor(t *testing.T, tenant *store.Tenant, d sop.Document) uuid.UUID {
	t.Helper()
	id := uuid.Must(uuid.NewV7())
	schema := "tenant_" + strings.ReplaceAll(tenant.Org.Slug, "-", "_")
	_, err := storetest.Behind(t).Exec(t.Context(), `
		insert into `+schema+`.surrogates (id, role_title, domain, jurisdiction, created_by) values ($1, $2, $3, $4, $5)`,
		id, d.RoleTitle, d.Domain, d.Jurisdiction, tenant.User.ID)
	if err != nil {
		t.Fatalf("make a surrogate: %v", err)
	}
	return id
}

func clerk() sop.Document {
	return sop.Document{RoleTitle: "Clerk", Domain: "Retail", Jurisdiction: "European Union"}
}

func TestImportedSampleIsExportedAsItWas(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	for _, sample := range library.Samples() {
		document, err := sop.ParseDocument(sample.JSON)
		if err != nil {
			t.Fatal(err)
		}
		id, err := owner.CreateSOP(t.Context(), store.NewSOP{
			SurrogateID: surrogateFor(t, owner, document), Origin: store.FromFile, File: string(sample.JSON),
		})
		if err != nil {
			t.Fatalf("%s: %v", sample.Slug, err)
		}
		version, err := owner.SOP(t.Context(), id)
		if err != nil {
			t.Fatalf("%s: %v", sample.Slug, err)
		}
		again, err := sop.ParseDocument(version.Document().Export())
		if err != nil {
			t.Fatalf("%s: read the export: %v", sample.Slug, err)
		}
		if string(again.Export()) != string(document.Export()) {
			t.Errorf("%s: the export differs from the file", sample.Slug)
		}
		if version.Status != store.VersionDraft || version.Version != 1 || version.Author != owner.User.Name {
			t.Errorf("%s: %s v%d by %s", sample.Slug, version.Status, version.Version, version.Author)
		}
		if got := sop.GraphHash([]byte(version.GraphText)); got != version.GraphHash {
			t.Errorf("%s: the stored text does not match its hash", sample.Slug)
		}
	}
}

func TestCreateSOPFromEachOrigin(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	surrogate := surrogateFor(t, owner, clerk())
	template := library.Templates()[0]
	first, err := owner.CreateSOP(t.Context(), store.NewSOP{SurrogateID: surrogate, Origin: store.FromTemplate, Template: template.Slug})
	if err != nil {
		t.Fatal(err)
	}
	copied, err := owner.CreateSOP(t.Context(), store.NewSOP{SurrogateID: surrogate, Origin: store.FromCopy, CopyOf: first, Title: " Our own "})
	if err != nil {
		t.Fatal(err)
	}
	original, _ := owner.SOP(t.Context(), first)
	version, err := owner.SOP(t.Context(), copied)
	if err != nil {
		t.Fatal(err)
	}
	if version.Title != "Our own" || version.GraphHash != original.GraphHash || version.LineID == original.LineID {
		t.Errorf("the copy is %q of line %s with graph %s", version.Title, version.LineID, version.GraphHash)
	}
	empty, err := owner.CreateSOP(t.Context(), store.NewSOP{SurrogateID: surrogate, Origin: store.FromNothing, Title: "Blank"})
	if err != nil {
		t.Fatal(err)
	}
	if version, _ = owner.SOP(t.Context(), empty); len(version.Graph.Nodes) != 0 {
		t.Error("the empty procedure has steps")
	}
}

func TestCreateSOPSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	surrogate := surrogateFor(t, owner, clerk())
	elsewhere := surrogateFor(t, storetest.Owner(t), clerk())
	for field, n := range map[string]store.NewSOP{
		"title":        {SurrogateID: surrogate, Origin: store.FromNothing},
		"surrogate_id": {SurrogateID: elsewhere, Origin: store.FromNothing, Title: "X"},
		"template":     {SurrogateID: surrogate, Origin: store.FromTemplate, Template: "none"},
		"file":         {SurrogateID: surrogate, Origin: store.FromFile, File: `{"title": "X", "graph": {"nodes": [{"id": 7}], "edges": []}}`},
		"copy_of":      {SurrogateID: surrogate, Origin: store.FromCopy, CopyOf: uuid.New()},
		"origin":       {SurrogateID: surrogate, Title: "X"},
		"description":  {SurrogateID: surrogate, Origin: store.FromNothing, Title: "X", Description: strings.Repeat("x", 4001)},
	} {
		_, err := owner.CreateSOP(t.Context(), n)
		var bad store.Invalid
		if !errors.As(err, &bad) || bad[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestNewVersionContinuesTheLine(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	first := newProcedure(t, owner)
	second, err := owner.NewVersion(t.Context(), first)
	if err != nil {
		t.Fatal(err)
	}
	version, err := owner.SOP(t.Context(), second)
	if err != nil || version.Version != 2 {
		t.Fatalf("v%d, %v", version.Version, err)
	}
	if err := owner.DiscardSOP(t.Context(), second, version.Revision); err != nil {
		t.Fatal(err)
	}
	if _, err := owner.SOP(t.Context(), second); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("discarded: %v", err)
	}
	if _, err := owner.NewVersion(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	history, err := owner.SOPVersions(t.Context(), first)
	if err != nil || len(history) != 2 || history[0].Version != 3 || history[1].Version != 1 {
		t.Errorf("history: %+v, %v", history, err)
	}
	if _, err := storetest.Owner(t).SOPVersions(t.Context(), first); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a stranger reads the history: %v", err)
	}
}

func TestDiscardingTheOnlyDraftLeavesNoLine(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	surrogate := surrogateFor(t, owner, clerk())
	first, err := owner.CreateSOP(t.Context(), store.NewSOP{SurrogateID: surrogate, Origin: store.FromNothing, Title: "Draft"})
	if err != nil {
		t.Fatal(err)
	}
	second, err := owner.NewVersion(t.Context(), first)
	if err != nil {
		t.Fatal(err)
	}
	lines := func() int {
		return scan[int](t, storetest.Connect(t, "postgres"), `select count(*) from `+schemaOf(owner)+`.sop_lines`)[0]
	}
	var both sync.WaitGroup
	errs := make([]error, 2)
	for i, id := range []uuid.UUID{first, second} {
		both.Go(func() { errs[i] = owner.DiscardSOP(t.Context(), id, 1) })
	}
	both.Wait()
	if errs[0] != nil || errs[1] != nil || lines() != 0 {
		t.Errorf("%d lines are left: %v", lines(), errs)
	}
	list, err := owner.Surrogates(t.Context(), store.SurrogateFilter{})
	if err != nil || list.Items[0].Procedures != 0 {
		t.Errorf("the surrogate has %+v (%v)", list.Items, err)
	}
}

func TestSOPsFindsByStatusSurrogateAndText(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	surrogate, other := surrogateFor(t, owner, clerk()), surrogateFor(t, owner, clerk())
	for i := range 45 {
		n := store.NewSOP{SurrogateID: surrogate, Origin: store.FromNothing, Title: "Procedure 100%_" + string(rune('A'+i%26))}
		if i == 0 {
			n = store.NewSOP{SurrogateID: other, Origin: store.FromTemplate, Template: library.Templates()[0].Slug, Source: "Handbook 7"}
		}
		if _, err := owner.CreateSOP(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[uuid.UUID]bool{}
	next, pages := "", 0
	for first := true; first || next != ""; first = false {
		list, err := owner.SOPs(t.Context(), store.SOPFilter{Surrogate: surrogate, Status: store.VersionDraft, Query: "100%_", Cursor: next})
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range list.Items {
			seen[item.ID] = true
		}
		if pages++; pages == 2 {
			back, err := owner.SOPs(t.Context(), store.SOPFilter{Surrogate: surrogate, Cursor: list.Previous})
			if err != nil || len(back.Items) != store.PageSize || back.Previous != "" || back.Next == "" {
				t.Errorf("back: %d items, %v", len(back.Items), err)
			}
		}
		next = list.Next
	}
	if len(seen) != 44 || pages != 3 {
		t.Errorf("saw %d procedures on %d pages", len(seen), pages)
	}
	list, surrogates, err := owner.SOPsAndSurrogates(t.Context(), store.SOPFilter{Query: "HANDBOOK 7"})
	if err != nil || len(list.Items) != 1 || list.Items[0].SurrogateID != other || list.Items[0].Steps == 0 || len(surrogates) != 2 {
		t.Errorf("list: %+v, %d surrogates, %v", list.Items, len(surrogates), err)
	}
	sorted, err := owner.SOPs(t.Context(), store.SOPFilter{Surrogate: surrogate, Sort: "title"})
	if err != nil || sorted.Items[0].Title != "Procedure 100%_A" || sorted.Items[19].Title != "Procedure 100%_K" {
		t.Errorf("by title: %q to %q, %v", sorted.Items[0].Title, sorted.Items[19].Title, err)
	}
	rest, err := owner.SOPs(t.Context(), store.SOPFilter{Surrogate: surrogate, Sort: "title", Cursor: sorted.Next})
	if err != nil || len(rest.Items) != store.PageSize || rest.Items[0].Title < sorted.Items[19].Title {
		t.Errorf("the second page by title starts with %q, %v", rest.Items[0].Title, err)
	}
	if list, err = owner.SOPs(t.Context(), store.SOPFilter{Status: store.VersionCertified}); err != nil || len(list.Items) != 0 {
		t.Errorf("certified: %d, %v", len(list.Items), err)
	}
}
