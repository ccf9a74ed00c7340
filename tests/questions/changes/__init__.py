"""What holds of the question ``changes``."""
