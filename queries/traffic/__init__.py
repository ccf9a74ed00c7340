"""“Are requests as usual?”: what it asks, counts and says."""
