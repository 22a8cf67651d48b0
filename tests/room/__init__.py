"""The class room."""
