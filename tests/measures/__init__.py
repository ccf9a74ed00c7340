"""Tests of what questions share."""
