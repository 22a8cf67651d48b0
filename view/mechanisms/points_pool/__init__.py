"""A pool whose points have a price that rises."""
