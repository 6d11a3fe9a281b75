package paiclient

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// CheckLabelKey says why a label's key can't be written in a filter, nil where it can. The filter is `key=value`
// joined by commas and knows no escape.
func CheckLabelKey(key string) error {
	switch {
	case strings.TrimSpace(key) == "":
		return errors.New("a label's key must not be empty")
	case strings.ContainsAny(key, "=,"):
		return fmt.Errorf("the label key %q can't be asked for: the API has no way to write \"=\" or \",\" in a key", key)
	}
	return nil
}

// CheckLabelValue says why a label's value can't be written in a filter, nil where it can.
func CheckLabelValue(value string) error {
	switch {
	case strings.TrimSpace(value) == "":
		return errors.New("a label's value must not be empty; \"*\" asks for every image that has the key")
	case strings.Contains(value, ","):
		return fmt.Errorf("the label value %q can't be asked for: the API has no way to write \",\" in a value", value)
	}
	return nil
}

// labelFilter writes labels as the request parameter Labels wants them, sorted by key.
func labelFilter(labels map[string]string) (string, error) {
	conditions := make([]string, 0, len(labels))
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		if err := errors.Join(CheckLabelKey(key), CheckLabelValue(labels[key])); err != nil {
			return "", err
		}
		conditions = append(conditions, key+"="+labels[key])
	}
	return strings.Join(conditions, ","), nil
}
