"""What all commands share: opening the instance of this environment, and showing what was found."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from fediverse_ehrenamt import setup
from fediverse_ehrenamt.districts import tasks as districts
from fediverse_ehrenamt.instance import Instance, open_instance
from fediverse_ehrenamt.preferences import actions as preferences
from fediverse_ehrenamt.settings import Settings

T = TypeVar("T")
JSON = click.option("--json", "as_json", is_flag=True, help="Ausgabe als JSON, für Skripte.")


@contextmanager
def opened() -> Iterator[Instance]:
    """Open the instance of this environment, with a schema that fits."""
    instance = _open()
    try:
        setup.require(instance)
        _begin(instance)
        yield instance
    finally:
        asyncio.run(instance.close())


def _begin(instance: Instance) -> None:
    """Know the places of an instance, and which of them its names mean."""
    districts.begin(instance.workshop)
    instance.workshop.read_now(preferences.settle)


def _open() -> Instance:
    settings = Settings.from_environment()
    setup.require_database(settings)
    return open_instance(settings)


def write(function: Callable[..., T], *args: object) -> T:
    with opened() as instance:
        return instance.workshop.write_now(function, *args)


def online(function: Callable[[Instance], Coroutine[Any, Any, T]]) -> T:
    """Run something that talks to peers."""

    async def run() -> T:
        instance = _open()
        try:
            setup.require(instance)
            await asyncio.to_thread(_begin, instance)
            return await function(instance)
        finally:
            await instance.close()

    return asyncio.run(run())


def show(value: object, *, as_json: bool, text: Callable[[], str]) -> None:
    click.echo(json.dumps(value, default=str, ensure_ascii=False, indent=2) if as_json else text())
