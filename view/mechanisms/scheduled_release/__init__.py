"""A credit that is released day by day at a fixed rate."""
