"""“Where do people overrule it?”: what it asks, counts and says."""
