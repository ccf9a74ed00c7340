"""Whole trips: a log on disk, a question as typed, the answer as it is given."""
