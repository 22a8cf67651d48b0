"""The page Follow the money, with its views."""
