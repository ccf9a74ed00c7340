"""Sample logs and what writes them."""
