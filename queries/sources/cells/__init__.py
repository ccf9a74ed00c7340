"""What a declared column means in the place where it lies: a column, a path into one, a formula."""
