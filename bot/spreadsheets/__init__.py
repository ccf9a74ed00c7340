"""A full result as a spreadsheet: Google Sheets, Excel or CSV behind one small interface.

``write_file`` and ``google.GoogleSheets(…)`` are what ``commands.ports.WriteSpreadsheet``
describes. Google's packages are loaded with ``bot.spreadsheets.google`` alone.
"""

from bot.spreadsheets.delimited import write_csv
from bot.spreadsheets.excel import write_excel
from bot.spreadsheets.files import write_file

__all__ = ["write_csv", "write_excel", "write_file"]
