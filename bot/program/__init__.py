"""The commands of the ``plainlogs`` program, one a file, each imported when it is called."""
