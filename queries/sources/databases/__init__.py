"""Logs that lie in a database, behind a SQLAlchemy URL."""
