// Package repository has tests alone: they hold what the repository says of itself, in documents, workflows, forms and modules, against what is
// so.
package repository
