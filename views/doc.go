// Package views draws pages. A component takes values and computes nothing:
// whatever is derived is a method on the type that it takes. Components know
// neither requests nor the database.
//
// A page is a region component inside Layout; the same region answers a
// partial request. Shared components (fields, buttons, badges, tables, the
// drawing of a graph) carry their labels and ARIA attributes themselves, so a
// page never writes a bare input.
package views
