"""Tests of sources: declarations, files, tables, and what is done with them."""
