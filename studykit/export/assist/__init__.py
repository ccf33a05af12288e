"""What a language model wrote, as outputs show it: with its author, and its evidence one click away."""
