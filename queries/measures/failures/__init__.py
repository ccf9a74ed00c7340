"""What fails: against usual, since when, and which part carries it."""
