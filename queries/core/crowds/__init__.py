"""What may be told of columns that people are only grouped by: of crowds, never of a few."""
