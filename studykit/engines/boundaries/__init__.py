"""Models that find sentence boundaries in unpunctuated English, and paragraph boundaries."""
