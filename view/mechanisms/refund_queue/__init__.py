"""A queue in which the oldest orders are refunded first."""
