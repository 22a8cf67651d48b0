"""What the pages share: words, numbers, the frame around them, and the server's own answers."""
