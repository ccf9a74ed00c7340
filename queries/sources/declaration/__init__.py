"""What a company declares about its logs, read whole and checked."""
