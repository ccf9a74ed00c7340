"""“Have the inputs changed?”: what it asks, counts and says."""
