"""What a person can do in any chat; knows no platform."""
