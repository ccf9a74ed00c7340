"""“Show me the records”: what it asks, counts and says."""
