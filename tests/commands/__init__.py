"""Tests of what a person can do, in any chat."""
