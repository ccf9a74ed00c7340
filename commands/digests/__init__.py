"""What arrives by itself: when it is due, each slot posted once, and its owner told."""
