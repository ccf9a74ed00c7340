"""Published tables, compared with what an answer gives on a source declared by a user."""
