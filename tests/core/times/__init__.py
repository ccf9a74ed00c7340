"""Tests of times as people say them."""
