package signin

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"
)

// claims are what a token, or the userinfo endpoint, says of a person. Numbers
// are as they were written.
type claims map[string]any

func readClaims(payload []byte) (claims, error) {
	var held claims
	d := json.NewDecoder(bytes.NewReader(payload))
	d.UseNumber()
	err := d.Decode(&held)
	if err != nil {
		return nil, fmt.Errorf("reading the claims: %w", err)
	}
	if held == nil || d.More() {
		return nil, errors.New("reading the claims: they are not one object")
	}
	return held, nil
}

// audience returns whom a token is for, and whether it says so as it should.
func (c claims) audience() ([]string, bool) {
	switch aud := c["aud"].(type) {
	case string:
		return []string{aud}, true
	case []any:
		var all []string
		for _, v := range aud {
			s, ok := v.(string)
			if !ok {
				return nil, false
			}
			all = append(all, s)
		}
		return all, true
	}
	return nil, false
}

// date reads a time, which must be there.
func (c claims) date(name string) (time.Time, error) {
	n, ok := c[name].(json.Number)
	if !ok {
		return time.Time{}, fmt.Errorf("its %s is missing or no number", name)
	}
	seconds, err := n.Float64()
	const year10000 = 253402300800 // beyond it a time can't be written
	if err != nil || !(seconds >= 0 && seconds < year10000) {
		return time.Time{}, fmt.Errorf("its %s is no time", name)
	}
	whole, rest := math.Modf(seconds)
	return time.Unix(int64(whole), int64(rest*1e9)), nil
}

// lookUp finds a claim by its name or, if that has dots and is no claim's, by
// the path that it is. A part of a path may hold dots too, as client ids do.
func lookUp(in map[string]any, name string) any {
	if v := in[name]; v != nil {
		return v
	}
	for i, sign := range name {
		if sign != '.' {
			continue
		}
		inner, ok := in[name[:i]].(map[string]any)
		if !ok {
			continue
		}
		if v := lookUp(inner, name[i+1:]); v != nil {
			return v
		}
	}
	return nil
}

// single reads a claim that is one text or, as directories send an attribute
// that could have several values, a list of one text.
func single(claim any) (string, bool) {
	if list, ok := claim.([]any); ok && len(list) == 1 {
		claim = list[0]
	}
	s, ok := claim.(string)
	return s, ok
}

// texts reads a claim that is a list of texts or, as some providers send it for
// one value, a text. It says whether the claim is nothing but that.
func texts(claim any) ([]string, bool) {
	switch v := claim.(type) {
	case nil:
		return nil, true
	case string:
		return []string{v}, true
	case []any:
		var all []string
		for _, one := range v {
			if s, ok := one.(string); ok {
				all = append(all, s)
			}
		}
		return all, len(all) == len(v)
	}
	return nil, false
}
