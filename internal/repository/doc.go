// Package repository contains only tests. They compare what documents, workflows and modules state with the repository.
package repository
