"""“Was it only good in the laboratory?”: what it asks, counts and says."""
