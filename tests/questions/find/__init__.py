"""What holds of the question ``find``."""
