"""Expressions that say how a column is made of others."""
