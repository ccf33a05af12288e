"""Commands that read a talk: open it, ask, print."""
