"""YouTube's own caption formats."""
