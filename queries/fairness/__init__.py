"""“Are groups treated alike?”: what it asks, counts and says."""
