package handlers_test

import (
	"testing"

	"surrealm/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }
