"""“How good is it probably?”: what it asks, counts and says."""
