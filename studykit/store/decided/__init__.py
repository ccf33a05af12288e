"""What a person has decided, kept for good: locks, corrections, known words."""
