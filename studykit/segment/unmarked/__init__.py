"""English without marks: where its sentences end, and how it is then written."""
