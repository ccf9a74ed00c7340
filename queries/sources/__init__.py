"""Where logs lie: declarations, files, engines."""
