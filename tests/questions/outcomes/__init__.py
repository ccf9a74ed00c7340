"""What holds of the question ``outcomes``."""
