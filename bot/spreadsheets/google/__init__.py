"""Google Sheets through gspread."""

from bot.spreadsheets.google.client import AccessRevoked, SpreadsheetFailed
from bot.spreadsheets.google.credentials import sessions
from bot.spreadsheets.google.layout import TooManyCells
from bot.spreadsheets.google.sheets import GoogleSheets

__all__ = ["AccessRevoked", "GoogleSheets", "SpreadsheetFailed", "TooManyCells", "sessions"]
