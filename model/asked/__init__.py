"""Questions to every mechanism, one module each: answered in its folder, or by their defaults."""
