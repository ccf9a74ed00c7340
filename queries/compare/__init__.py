"""“Is the new version better?”: what it asks, counts and says."""
