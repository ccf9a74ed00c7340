"""Tests of what plainlogs remembers, on SQLite and on PostgreSQL."""
