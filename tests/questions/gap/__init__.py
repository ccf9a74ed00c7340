"""What holds of the question ``gap``."""
