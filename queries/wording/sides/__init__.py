"""Two sides beside each other, in words and tables."""
