"""English tagged and parsed in numpy alone, with the weights of spaCy's small pipeline."""
