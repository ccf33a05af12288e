"""Names on both sides, as they are written and as Chinese spells them."""
