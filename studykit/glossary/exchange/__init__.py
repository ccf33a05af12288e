"""Terms in and out: CSV, TBX, TOML."""
