"""The page Claims and cases, with its views."""
