"""What holds of the question ``calibration``."""
