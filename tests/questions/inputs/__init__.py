"""What holds of the question ``inputs``."""
