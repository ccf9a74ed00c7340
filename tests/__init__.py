"""Tests, in the order of the rings."""
