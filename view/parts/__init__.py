"""Knobs, notices, links and tables that several pages are made of."""
