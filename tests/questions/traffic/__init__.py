"""What holds of the question ``traffic``."""
