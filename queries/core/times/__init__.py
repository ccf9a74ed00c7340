"""Times as people say them, and the spans and local days that they mean."""
