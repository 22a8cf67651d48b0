"""What the view knows of each mechanism, one folder a kind: found by folder, listed nowhere."""
