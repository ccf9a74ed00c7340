"""What can be asked of a log; knows no chat. One question a file."""
