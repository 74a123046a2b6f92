"""Numbers with the German words that they count: "1 Auftrag", "3 Aufträge"; for operators, whom no catalogue serves."""


def counted(number: int, one: str, many: str) -> str:
    """Write a number and, after it, the words for `one` or for `many`."""
    return f"{number} {one if number == 1 else many}"
