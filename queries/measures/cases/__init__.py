"""Cases by what was decided of them, and what came of it."""
