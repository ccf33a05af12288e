"""Talks in the database: rows, identity, maintenance."""
