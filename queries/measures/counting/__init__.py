"""How rows are counted in the engine: over time, by each of several columns, each person once."""
