"""Talks in the database: their rows, which text belongs to which, what is removed."""
