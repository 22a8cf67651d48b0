"""A pool that is divided among units day by day."""
