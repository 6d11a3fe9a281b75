// Package repository contains only tests. They check the statements of documents, workflows and modules.
package repository
