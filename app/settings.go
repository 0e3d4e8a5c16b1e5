package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// DetailChanged is the detail of [SettingsChanged] that names the settings that
// changed; the other details are the settings as they are now.
const DetailChanged = "changed"

// NoteSettings adds to the audit trail which settings are others than when the
// program was last told, for each institution and, by the empty id, for the
// program itself. Settings hold no secrets.
func (t *Training) NoteSettings(ctx context.Context, settings map[InstitutionID]Details) error {
	last := map[InstitutionID]Event{}
	for e, err := range t.Store.AllEvents(ctx, EventFilter{Kind: SettingsChanged}) {
		if err != nil {
			return fmt.Errorf("reading the audit trail: %w", err)
		}
		if _, known := last[e.Institution]; !known {
			last[e.Institution] = e
		}
	}
	scopes := slices.Collect(maps.Keys(settings))
	for scope := range last {
		if _, there := settings[scope]; !there {
			scopes = append(scopes, scope)
		}
	}
	for _, scope := range slices.Sorted(slices.Values(scopes)) {
		err := t.noteSettingsOf(ctx, scope, last[scope], settings[scope])
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *Training) noteSettingsOf(ctx context.Context, scope InstitutionID, last Event, now Details) error {
	details := Details{}
	maps.Copy(details, now)
	details[DetailChanged] = changedSettings(last, now)
	if details[DetailChanged] == "" {
		return nil
	}
	// By this id replicas that start together tell of the same change once.
	e := t.event(SettingsChanged, scope, "", details)
	e.ID = EventID(hashID("settings", string(scope), string(last.ID), fmt.Sprint(map[string]string(details))))
	return t.note(ctx, e)
}

// changedSettings names the settings that are not as they were, or returns
// nothing.
func changedSettings(last Event, now Details) string {
	switch {
	case last.ID == "":
		return "all, for the first time"
	case now == nil && len(last.Details) > 1:
		return "taken out of the configuration"
	}
	var names []string
	for name := range now {
		if now[name] != last.Details[name] {
			names = append(names, name)
		}
	}
	for name := range last.Details {
		if _, there := now[name]; !there && name != DetailChanged && now != nil {
			names = append(names, name)
		}
	}
	return strings.Join(slices.Sorted(slices.Values(names)), ", ")
}
