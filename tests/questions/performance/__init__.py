"""What holds of the question ``performance``."""
