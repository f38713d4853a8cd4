package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-playground/form/v4"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"surrealm/store"
)

var decoder = newDecoder()

func newDecoder() *form.Decoder {
	d := form.NewDecoder()
	d.SetMode(form.ModeExplicit) // only fields with a form tag: nothing is bound by accident
	d.SetMaxArraySize(2000)
	d.RegisterCustomTypeFunc(smallNumber, 0)
	return d
}

// smallNumber reads an int as the database holds one, so that a larger number is a mistake in the form and not in us.
func smallNumber(values []string) (any, error) {
	if len(values) == 0 || values[0] == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(values[0], 10, 32)
	return int(n), err
}

// bindForm decodes the body of a form into T, from the body alone: path and query never fill a field.
// Text keeps what was typed, without NULs and with plain line ends.
func bindForm[T any](c echo.Context) (T, error) {
	var input T
	request := c.Request()
	if err := parseBody(request); err != nil {
		return input, err
	}
	for _, values := range request.PostForm {
		for i, value := range values {
			values[i] = clean(value)
		}
	}
	if request.MultipartForm != nil { // the others are remembered at the organisation's door
		rememberForm(c)
	}
	if err := decode(&input, request.PostForm); err != nil {
		return input, echo.NewHTTPError(http.StatusBadRequest, "The form could not be read. Go back and try again.").SetInternal(err)
	}
	return input, nil
}

// bindFormOf reads what a change is about, by the path's :id, and the form that says how to change it.
func bindFormOf[T any](c echo.Context) (uuid.UUID, T, error) {
	id, err := pathID(c, "id")
	if err != nil {
		return id, *new(T), err
	}
	input, err := bindForm[T](c)
	return id, input, err
}

// decode fills a form. The decoder panics for a name whose brackets do not match, which anybody can send, and before it does it writes the
// name to the log as it came: over as many lines as the sender likes.
func decode(into any, values url.Values) (err error) {
	for name := range values {
		if !paired(name) {
			return fmt.Errorf("read form: the brackets of %q do not match", name)
		}
	}
	defer func() {
		if failure := recover(); failure != nil {
			err = fmt.Errorf("read form: %v", failure)
		}
	}()
	return decoder.Decode(into, values)
}

// paired says whether each bracket of a field's name is closed before another one opens.
func paired(name string) bool {
	inside := false
	for _, c := range []byte(name) {
		switch c {
		case '[':
			if inside {
				return false
			}
			inside = true
		case ']':
			if !inside {
				return false
			}
			inside = false
		}
	}
	return !inside
}

func parseBody(request *http.Request) error {
	err := request.ParseForm()
	if err == nil && strings.HasPrefix(request.Header.Get("Content-Type"), "multipart/form-data") {
		err = request.ParseMultipartForm(maxForm)
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	if err == nil {
		return countFields(request.PostForm)
	}
	return echo.NewHTTPError(http.StatusBadRequest, "The form could not be read. Go back and try again.").SetInternal(err)
}

// Limits of a form beside its size: how many fields of different names it has, where those of a list are one, and how many
// values. The largest page has some sixty, and a list of up to a thousand things.
const (
	maxFields = 100
	maxValues = 5000
)

// countFields refuses a form with more fields than any page of ours shows. Reading them costs little; what is done with
// each might not.
func countFields(form url.Values) error {
	names, values := map[string]bool{}, 0
	for name, list := range form {
		base, _, _ := strings.Cut(name, "[")
		names[base], values = true, values+len(list)
	}
	if len(names) > maxFields {
		return echo.NewHTTPError(http.StatusBadRequest, fmt.Sprintf("This form has %d fields, and no form here has more than %d.", len(names), maxFields))
	}
	if values > maxValues {
		return echo.NewHTTPError(http.StatusBadRequest, fmt.Sprintf("This form has %d values, and no form here has more than %d.", values, maxValues))
	}
	return nil
}

// clean makes text that the database and the signatures can hold: valid UTF-8, no NUL, line ends as \n.
func clean(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.ReplaceAll(text, "\x00", "")
	return strings.ReplaceAll(text, "\r\n", "\n")
}

// bindQuery decodes the query of a page, such as its filters. Unknown keys are ignored.
func bindQuery[T any](c echo.Context) (T, error) {
	return decodeQuery[T](c.QueryParams())
}

func decodeQuery[T any](values url.Values) (input T, err error) {
	for _, list := range values {
		for i, value := range list {
			list[i] = clean(value)
		}
	}
	if err := decode(&input, values); err != nil {
		return input, echo.NewHTTPError(http.StatusBadRequest, "This link is not complete.").SetInternal(err)
	}
	return input, nil
}

// pathID reads an id of the path; what is no id cannot exist.
func pathID(c echo.Context, name string) (uuid.UUID, error) {
	id, err := uuid.Parse(c.Param(name))
	if err != nil {
		return uuid.UUID{}, store.ErrNotFound
	}
	return id, nil
}
