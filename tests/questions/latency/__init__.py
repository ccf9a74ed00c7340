"""What holds of the question ``latency``."""
