"""What holds of the question ``overrides``."""
