"""What holds of the question ``compare``."""
