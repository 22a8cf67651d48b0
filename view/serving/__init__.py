"""The server around the pages: documents, first words, moves of a hand, files that are sent."""
