"""What holds of the question ``estimate``."""
