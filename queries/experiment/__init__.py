"""“Which arm won?”: what it asks, counts and says."""
