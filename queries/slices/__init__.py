"""“Where is it worst, and why?”: what it asks, counts and says."""
