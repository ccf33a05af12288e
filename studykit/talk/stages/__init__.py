"""What a talk computes of its texts, one stage a file: functions from values to a value, run by the cache."""
