"""What a person decides about an alignment, and where it holds in today's text."""
