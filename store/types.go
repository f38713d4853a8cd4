package store

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

// registerTypes teaches the driver to send values of types that it does not know, or knows slowly: ids.
//
// Behind a pooler that gives each transaction another connection, statements are not prepared
// (default_query_exec_mode=exec), so the driver does not learn the types of arguments, and knows no way for some of ours: a
// struct or a map goes as the text of its JSON, a list of ids or of named texts as a list of texts, and PostgreSQL takes
// them for what the statement needs, as it does with every other argument.
func registerTypes(config *pgxpool.Config) {
	wraps := []pgtype.TryWrapEncodePlanFunc{wrapID}
	if config.ConnConfig.DefaultQueryExecMode == pgx.QueryExecModeExec {
		wraps = []pgtype.TryWrapEncodePlanFunc{wrapTexts, wrapJSON}
	}
	config.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		types := conn.TypeMap()
		types.TryWrapEncodePlanFuncs = append(slices.Clone(wraps), types.TryWrapEncodePlanFuncs...)
		return nil
	}
}

// converted encodes a value by way of another one that the driver knows.
type converted struct {
	convert func(any) (any, error)
	next    pgtype.EncodePlan
}

// SetNext is part of pgtype.WrappedEncodePlanNextSetter.
func (c *converted) SetNext(next pgtype.EncodePlan) { c.next = next }

// Encode is part of pgtype.EncodePlan.
func (c *converted) Encode(value any, to []byte) ([]byte, error) {
	known, err := c.convert(value)
	if err != nil {
		return nil, fmt.Errorf("encode %T: %w", value, err)
	}
	return c.next.Encode(known, to)
}

// wrapID is for an id, which goes as its bytes: the driver alone sends its text, which it reads into bytes again.
func wrapID(value any) (plan pgtype.WrappedEncodePlanNextSetter, next any, ok bool) {
	if _, ok := value.(uuid.UUID); !ok {
		return nil, nil, false
	}
	return &converted{convert: func(value any) (any, error) {
		return pgtype.UUID{Bytes: value.(uuid.UUID), Valid: true}, nil
	}}, pgtype.UUID{}, true
}

// wrapTexts is for lists of ids and of named texts.
func wrapTexts(value any) (plan pgtype.WrappedEncodePlanNextSetter, next any, ok bool) {
	list := reflect.TypeOf(value)
	if list == nil || list.Kind() != reflect.Slice {
		return nil, nil, false
	}
	if one := list.Elem(); one != reflect.TypeFor[uuid.UUID]() && (one.Kind() != reflect.String || one == reflect.TypeFor[string]()) {
		return nil, nil, false
	}
	return &converted{convert: func(value any) (any, error) {
		list := reflect.ValueOf(value)
		texts := make([]string, list.Len())
		for i := range texts {
			texts[i] = textOfItem(list.Index(i))
		}
		return texts, nil
	}}, []string(nil), true
}

// wrapJSON is for structs and maps, and lists of them.
func wrapJSON(value any) (plan pgtype.WrappedEncodePlanNextSetter, next any, ok bool) {
	if _, knows := value.(driver.Valuer); knows || value == nil {
		return nil, nil, false
	}
	kind := reflect.TypeOf(value)
	if kind.Kind() == reflect.Slice {
		kind = kind.Elem()
	}
	if kind.Kind() != reflect.Struct && kind.Kind() != reflect.Map || strings.HasPrefix(kind.PkgPath(), "github.com/jackc/pgx/") {
		return nil, nil, false // the driver wraps values in structs of its own, such as an array
	}
	return &converted{convert: func(value any) (any, error) {
		text, err := json.Marshal(value)
		return string(text), err
	}}, "", true
}

func textOfItem(item reflect.Value) string {
	if item.Kind() == reflect.String {
		return item.String()
	}
	return fmt.Sprint(item.Interface()) // an id
}
