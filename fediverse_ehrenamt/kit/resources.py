"""Where the files beside the code lie: in the wheel under `_data`, in a checkout beside the package."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_BUNDLED = _PACKAGE / "_data"


def folder(name: str) -> Path:
    """Return the folder `name` ("schemas", "static") of the installed package or of the checkout."""
    return (_BUNDLED if _BUNDLED.is_dir() else _PACKAGE.parent) / name
