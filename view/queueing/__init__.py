"""Whose turn it is and where work is done, so that nobody is held up by another."""
