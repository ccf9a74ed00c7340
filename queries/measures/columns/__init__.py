"""How the values of a column lie, and how far from what they were."""
