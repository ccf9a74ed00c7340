"""Tests of what every question is made of: grammar, filters, words, catalog, doors."""
