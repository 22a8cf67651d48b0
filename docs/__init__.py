"""The documentation, and the script that keeps its table true (docs/tables.py)."""
