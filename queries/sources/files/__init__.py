"""Logs that lie in files, read in place by the embedded DuckDB."""
