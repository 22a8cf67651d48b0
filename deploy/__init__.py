"""Serving the dashboard to many: processes, and nginx in front of them."""
