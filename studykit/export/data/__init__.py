"""Notes as data for other programs."""
