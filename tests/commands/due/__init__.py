"""Tests of digests that are due: each slot posted once, whatever happens meanwhile."""
