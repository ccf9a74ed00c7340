"""What people read about plainlogs, and what writes those parts that follow from the code."""
