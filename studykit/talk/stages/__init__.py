"""The stages of a talk, one per file: functions from values to a value, run through the cache."""
