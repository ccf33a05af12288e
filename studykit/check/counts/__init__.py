"""Numbers, magnitudes, comparisons of numbers and units of time on both sides."""
