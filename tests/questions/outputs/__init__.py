"""What holds of the question ``outputs``."""
