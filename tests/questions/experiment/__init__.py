"""What holds of the question ``experiment``."""
