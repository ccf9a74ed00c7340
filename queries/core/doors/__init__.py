"""What stands behind a log's doors: which columns pass, and the selects that are run."""
