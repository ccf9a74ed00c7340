"""What a model says, and what its scores are worth."""
