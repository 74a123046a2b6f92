"""Tables to be opened in a spreadsheet program that speaks German: semicolons, decimal commas, UTF-8 with its mark."""

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.responses import Response

Cell = str | float | None
_MARK = "\ufeff"  # without it Excel reads umlauts as something else
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def answer(name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """Return a table as a file; `name` is plain ASCII, without ending."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_written(heading) for heading in headings])
    writer.writerows([_written(cell) for cell in row] for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "X-Robots-Tag": "noindex"}
    return Response((_MARK + out.getvalue()).encode(), media_type="text/csv; charset=utf-8", headers=headers)


def _written(cell: Cell) -> str:
    """Write a cell; a text that a spreadsheet would calculate gets an apostrophe before it (OWASP, CSV injection)."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    return f"{cell:.10g}".replace(".", ",")
