"""What two mechanisms do together."""
