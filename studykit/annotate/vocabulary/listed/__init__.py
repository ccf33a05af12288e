"""An entry of the expression list, and what speaks for and against it at a place."""
