"""“Does 80 % mean 80 %?”: what it asks, counts and says."""
