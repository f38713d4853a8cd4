package handlers

import (
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// compressFrom is the length in bytes below which packing an answer costs more than it saves.
const compressFrom = 1024

// plainRoutes are below /o/:org and answer with what is packed already, or with a stream that shall not wait for a packer.
var plainRoutes = []string{"/events", "/signals/:id/files/:file", "/signals/:id/files/:file/thumbnail"}

// compress packs pages, regions and data.
//
// Where an attacker can have a victim's browser ask for pages with text of the attacker's choice in them, the length of the packed answer
// tells what else is in it (BREACH). Our pages hold no token that could be stolen this way: changes are guarded by where the request comes
// from (checkOrigin), and the session is in a cookie. They do hold what people wrote. So only what our own pages ask for is packed, and
// what a person opens by hand: not what another site asked for, and not where the browser does not say.
func compress() echo.MiddlewareFunc {
	return middleware.GzipWithConfig(middleware.GzipConfig{MinLength: compressFrom, Skipper: func(c echo.Context) bool {
		if from := c.Request().Header.Get("Sec-Fetch-Site"); from != "same-origin" && from != "none" {
			return true
		}
		for _, route := range plainRoutes {
			if c.Path() == "/o/:org"+route {
				return true
			}
		}
		return strings.HasPrefix(c.Request().Header.Get("Range"), "bytes")
	}})
}
