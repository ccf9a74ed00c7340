"""Tests of the sample logs."""
