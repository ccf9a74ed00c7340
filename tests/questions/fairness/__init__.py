"""What holds of the question ``fairness``."""
