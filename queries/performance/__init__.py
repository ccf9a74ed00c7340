"""“How good is it?”: what it asks, counts and says."""
