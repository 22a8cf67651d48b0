"""What recruiting and territories are paid."""
