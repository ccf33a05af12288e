"""Caption and recogniser formats, one a file."""
