"""What runs and talks: processes, platforms, pictures, spreadsheets and clocks."""
