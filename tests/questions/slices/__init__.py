"""What holds of the question ``slices``."""
