"""The ``lending`` sample: a seeded simulator of a lending model's production log."""
