"""Decisions by the user, kept permanently: locks, corrections, known words."""
