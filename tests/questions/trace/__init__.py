"""What holds of the question ``trace``."""
