"""What holds of the question ``rollout``."""
