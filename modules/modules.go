// Package modules holds the training modules that come with the program.
package modules

import "embed"

// FS holds a folder for each programme. See the README for the notation.
//
//go:embed first-5-minutes heart-health community-health-workers
var FS embed.FS
