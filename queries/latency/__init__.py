"""“Is it slow?”: what it asks, counts and says."""
