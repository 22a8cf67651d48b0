"""The mechanisms a scheme is made of, one folder each: found by folder, listed nowhere."""
