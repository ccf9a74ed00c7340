"""Estimates and tests hold what they promise, on data whose truth is known."""
