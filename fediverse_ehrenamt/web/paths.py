"""Numbers in paths: `{width:number}`. Starlette's own `int` takes any length, of which Python reads 4,300 digits.

Whoever imports this may write such paths; one with a longer number is no page.
"""

from typing import Final

from starlette.convertors import Convertor, register_url_convertor

NUMBER: Final = "number"


class _Number(Convertor[int]):
    regex = "[0-9]{1,9}"

    def convert(self, value: str) -> int:
        """Read the number of a path."""
        return int(value)

    def to_string(self, value: int) -> str:
        """Write it into one."""
        return str(value)


register_url_convertor(NUMBER, _Number())
