"""What is known of sentences before any are matched: as numbers, as replies, by their clauses."""
