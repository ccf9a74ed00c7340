"""The pulse of a log: how many requests come, gaps without any, and how long they take."""
