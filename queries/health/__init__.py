"""“How are our models?”: what it asks, counts and says."""
