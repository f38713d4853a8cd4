package browsertest

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"

	"surrealm/store"
)

// program is the real binary, run as somebody elsewhere would: in a folder of its own and with nothing in the environment.
type program struct {
	binary, folder string
	env            []string
}

// buildProgram builds it once for the test.
func buildProgram(t *testing.T) *program {
	t.Helper()
	p := &program{binary: filepath.Join(t.TempDir(), "surrealm"), folder: t.TempDir()}
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", p.binary, "surrealm/cmd/surrealm").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return p
}

// onServer is the program with what the site's own operator has: the database and the data folder.
func (p *program) onServer(s *site) *program {
	operator := *p
	operator.env = []string{
		"DATA_DIR=" + s.dataDir, "DATABASE_URL=" + s.dsn(store.RoleWeb),
		"CONTROL_DATABASE_URL=" + s.dsn(store.RoleControl), "MIGRATE_DATABASE_URL=" + s.dsn(store.RoleMigrator),
	}
	return &operator
}

// run returns what it says and its exit code.
func (p *program) run(t *testing.T, args ...string) (out string, code int) {
	t.Helper()
	command := exec.Command(p.binary, args...)
	command.Dir, command.Env = p.folder, p.env
	if command.Env == nil {
		command.Env = []string{"HOME=" + p.folder}
	}
	said, err := command.CombinedOutput()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatalf("run %v: %v", args, err)
	}
	return string(said), command.ProcessState.ExitCode()
}

// says runs the program and looks for its exit code and a text.
func (p *program) says(t *testing.T, code int, text string, args ...string) {
	t.Helper()
	if out, got := p.run(t, args...); got != code || !strings.Contains(out, text) {
		t.Errorf("surrealm %s: exit code %d, want %d and %q:\n%s", strings.Join(args, " "), got, code, text, out)
	}
}

// keepsDownloads lets the browser save files.
func (p *person) keepsDownloads(t *testing.T) {
	t.Helper()
	_, err := chromedp.CallBrowser(p.tab, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllow, BrowserContextID: chromedp.FromContext(p.tab).BrowserContextID, DownloadPath: p.kept,
	})
	if err != nil {
		t.Fatal(err)
	}
}

// downloads presses something and returns the file that the browser saved. Its name ends as given.
func (p *person) downloads(t *testing.T, role, name, ending string) string {
	t.Helper()
	p.press(t, role, name)
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		// Until all of it is there, the name belongs to an empty file.
		if found, _ := filepath.Glob(filepath.Join(p.kept, "*"+ending)); len(found) == 1 && len(readFile(t, found[0])) > 0 { // the pattern is a good one
			kept := filepath.Join(t.TempDir(), filepath.Base(found[0]))
			if err := os.Rename(found[0], kept); err != nil {
				t.Fatal(err)
			}
			return kept
		}
		time.Sleep(30 * time.Millisecond)
	}
	p.fail(t, "did not get a file that ends in "+ending)
	return ""
}

// forge writes a copy of a file with one text replaced, once.
func forge(t *testing.T, path, old, forged string) string {
	t.Helper()
	content := readFile(t, path)
	if !bytes.Contains(content, []byte(old)) {
		t.Fatalf("%s does not contain %q", path, old)
	}
	return writeFile(t, filepath.Base(path), bytes.Replace(content, []byte(old), []byte(forged), 1))
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// writeFile writes a file that ends with the test.
func writeFile(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
