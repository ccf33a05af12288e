"""Commands that open a talk, compute something and print it."""
