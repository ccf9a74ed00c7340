"""“Did what it says change?”: what it asks, counts and says."""
