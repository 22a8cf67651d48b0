"""The rules once more, as plain loops that a browser runs: read them with "view source"."""
