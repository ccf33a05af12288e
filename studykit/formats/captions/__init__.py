"""Caption and recogniser formats, one per file."""
