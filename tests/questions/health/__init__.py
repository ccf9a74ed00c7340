"""What holds of the question ``health``."""
