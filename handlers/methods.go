package handlers

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"surrealm/store"
)

// router is what takes a route: the site or a group of it.
type router interface {
	Add(method, path string, handler echo.HandlerFunc, middleware ...echo.MiddlewareFunc) *echo.Route
}

// add adds a route. One that reads by GET answers HEAD as well; net/http drops the body then.
func add(to router, method, path string, handle echo.HandlerFunc) {
	to.Add(method, path, handle)
	if method == http.MethodGet {
		to.Add(http.MethodHead, path, handle)
	}
}

// reads says whether a request can change nothing, so that it can be sent again.
func reads(request *http.Request) bool {
	return request.Method == http.MethodGet || request.Method == http.MethodHead
}

// noRoute answers what no route takes: 405 with the methods that the address does take, or 404. The address is guarded
// like its routes, so that whoever is not let in learns nothing by asking with another method.
func (h *Handlers) noRoute(c echo.Context) error {
	site, request := c.Echo(), c.Request()
	probe := site.AcquireContext()
	defer site.ReleaseContext(probe)
	var allowed []string
	route, org := "", ""
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
		probe.Reset(request, nil)
		site.Router().Find(method, echo.GetPath(request), probe)
		if probe.Path() != "" && probe.Path() != everywhere {
			allowed, route, org = append(allowed, method), probe.Path(), probe.Param("org")
		}
	}
	if len(allowed) == 0 {
		return store.ErrNotFound
	}
	if err := h.mayKnow(c, route, org); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderAllow, strings.Join(allowed, ", "))
	return echo.ErrMethodNotAllowed
}

// everywhere is the path of noRoute.
const everywhere = "/*"

// mayKnow is the part of a route's guard that decides whether its address exists for a person at all.
func (h *Handlers) mayKnow(c echo.Context, route, org string) error {
	tenants := strings.HasPrefix(route, "/o/:org")
	if !tenants && !slices.ContainsFunc(userRoutes, func(r userRoute) bool { return r.path == route }) {
		return nil
	}
	user := currentUser(c)
	if user == nil {
		return errSignIn
	}
	if !tenants {
		return nil
	}
	_, err := h.store.Tenant(*user, org)
	return err
}
