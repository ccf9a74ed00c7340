"""What holds of the question ``quality``."""
