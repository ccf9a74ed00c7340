"""What the present is compared with: the comparable past, or a reference set."""
