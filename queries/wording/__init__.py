"""Measures in plain words, tables and charts; what questions share in saying."""
