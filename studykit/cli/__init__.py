"""The command line: the only part of studykit that prints and exits."""
