"""Numbers, magnitudes and units of time on both sides."""
