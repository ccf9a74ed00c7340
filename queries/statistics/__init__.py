"""Arrays in, estimates out: intervals, tests, change points. No log, no SQL, no words."""
