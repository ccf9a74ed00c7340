"""“Why this decision?”: what it asks, counts and says."""
