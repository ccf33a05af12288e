"""Commands for what is in the database."""
