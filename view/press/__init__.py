"""For journalists: a sheet to print of whatever a page shows, and what goes with it."""
