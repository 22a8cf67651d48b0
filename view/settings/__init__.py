"""What a reader has set, kept in the address, and the runs that follow from it."""
