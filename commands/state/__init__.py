"""What plainlogs remembers: tables and migrations, apart from the logs."""
