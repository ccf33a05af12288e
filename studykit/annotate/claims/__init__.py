"""What a talk holds to be true: statements with the quotes that carry them."""
