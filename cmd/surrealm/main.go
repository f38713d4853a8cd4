// Command surrealm is the whole product in one program: the server, its migrations, and the tools of whoever operates it.
//
// Every command reads the same settings, from flags or from the environment (config.go), and finds its database the same
// way (database.go). What a command prints for people goes to standard output, the log and complaints go to standard
// error. It ends with 0, with 1 when something went wrong, and with 2 when it was called or configured wrongly.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"surrealm/store/datadir"
)

func main() {
	ctx, hurry := interruptible()
	os.Exit(run(process{
		ctx: ctx, hurry: hurry, args: os.Args[1:], env: os.Environ(), in: os.Stdin, out: os.Stdout, err: os.Stderr,
	}))
}

// interruptible returns a context that ends at the first Ctrl-C, SIGTERM or closing of the terminal, and a channel that
// is closed at the second.
func interruptible() (context.Context, <-chan struct{}) {
	ctx, cancel := context.WithCancelCause(context.Background())
	hurry := make(chan struct{})
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		cancel(fmt.Errorf("%v", <-signals))
		<-signals
		close(hurry)
	}()
	return ctx, hurry
}

// process is what the program has of the world, so that tests can give it another one.
type process struct {
	ctx      context.Context // ends when the program shall stop
	hurry    <-chan struct{} // closed when it shall stop without waiting for anybody
	args     []string
	env      []string // as os.Environ gives it
	in       io.Reader
	out, err io.Writer
}

// patience returns a context for stopping something: it ends after a while, or as soon as somebody is in a hurry. The
// process's own context has ended by then.
func (p *process) patience(most time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(context.Background(), most)
	go func() {
		select {
		case <-p.hurry:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

func (p *process) hurried() bool {
	select {
	case <-p.hurry:
		return true
	default:
		return false
	}
}

// commands is the command line. Each command is a type in the file of its name.
type commands struct {
	Version kong.VersionFlag `help:"Say which version this is, and end."`

	Serve   serveCommand   `cmd:"" help:"Serve the product. Without a database to use, it runs a private one."`
	Migrate migrateCommand `cmd:"" help:"Bring the database up to date: the platform, then every organisation."`
	Tenants tenantsCommand `cmd:"" help:"List, create, drop, check, export and restore organisations."`
	Audit   auditCommand   `cmd:"" help:"Export an organisation's audit log, and verify an export offline."`
	Verify  verifyCommand  `cmd:"" help:"Verify the signatures in an exported file, offline."`
	Keys    keysCommand    `cmd:"" help:"Replace the master key."`
	Demo    demoCommand    `cmd:"" help:"Make the demonstration organisation."`
	Model   modelCommand   `cmd:"" help:"Get the model that finds texts of like meaning."`
	Doctor  doctorCommand  `cmd:"" help:"Check everything that the product needs, and say what to do about what is missing."`
}

// usageError is a wrong call or a wrong setting: exit code 2.
type usageError struct{ problems []string }

func (u usageError) Error() string { return strings.Join(u.problems, "\n") }

// errReported ends a command that has said all there is to say: exit code 1.
var errReported = errors.New("reported")

// run runs one command and returns the exit code.
func run(p process) int {
	err := p.command()
	var usage usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		for _, problem := range usage.problems {
			fmt.Fprintln(p.err, "surrealm:", problem)
		}
		return 2
	case errors.Is(err, context.Canceled) && p.ctx.Err() != nil:
		fmt.Fprintln(p.err, "surrealm: stopped before it was done")
	case !errors.Is(err, errReported):
		fmt.Fprintln(p.err, "surrealm:", err)
	}
	return 1
}

// command parses the arguments and runs what they name.
func (p *process) command() error {
	var line commands
	environment := newEnvironment(p.env)
	exited := false
	parser, err := kong.New(&line,
		kong.Name("surrealm"),
		kong.Description("A home for AI surrogates, the procedures that they follow, and the reviews before a procedure changes."),
		kong.Writers(p.out, p.err),
		kong.Exit(func(int) { exited = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.PostBuild(environment.adopt),
		kong.Resolvers(environment),
		kong.Vars{"data_dir": datadir.Default(environment.get), "version": versionText()},
		kong.Bind(p))
	if err != nil {
		return err
	}
	args := p.args
	if len(args) == 0 {
		args = []string{"--help"}
	}
	selected, err := parser.Parse(args)
	if exited { // --help has been answered
		return nil
	}
	if err != nil {
		return usageError{[]string{fmt.Sprintf("%v. See surrealm --help.", err)}}
	}
	return selected.Run()
}
