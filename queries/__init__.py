"""What can be asked of a log; knows no chat. A question a file, or a folder."""
