"""Corrections of an alignment by a person, and where they apply in the current text."""
