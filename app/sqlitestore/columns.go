package sqlitestore

import (
	"encoding/json"
	"fmt"
	"time"
)

// These take a column each.
type (
	// asTime takes a time.
	asTime struct{ to *time.Time }
	// asJSON takes a text that holds JSON.
	asJSON struct{ to any }
)

// Scan implements [database/sql.Scanner].
func (c asTime) Scan(src any) error {
	n, ok := src.(int64)
	if !ok {
		return fmt.Errorf("a column holds %T instead of a time", src)
	}
	*c.to = time.UnixMilli(n).UTC()
	return nil
}

// Scan implements [database/sql.Scanner].
func (c asJSON) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("a column holds %T instead of a text", src)
	}
	return json.Unmarshal([]byte(text), c.to)
}

// toJSON returns the value as JSON text.
func toJSON(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// orNull returns the number, or null.
func orNull(n *int) any {
	if n == nil {
		return nil
	}
	return int64(*n)
}
