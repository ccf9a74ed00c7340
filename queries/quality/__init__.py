"""“Is the data broken?”: what it asks, counts and says."""
