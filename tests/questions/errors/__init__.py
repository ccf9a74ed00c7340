"""What holds of the question ``errors``."""
