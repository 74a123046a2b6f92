"""What goes wrong on the way: a browser that hangs up is no error of ours."""

from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest

from fediverse_ehrenamt import app
from fediverse_ehrenamt.instance import Instance

pytestmark = pytest.mark.anyio


async def test_whoever_goes_away_in_the_middle_of_a_form_is_no_error(
    town: Instance, caplog: pytest.LogCaptureFixture
) -> None:
    made = app.build(town)
    made.state.instance_name = "Ehrenamt Hagen"
    said: Iterator[MutableMapping[str, Any]] = iter(
        [{"type": "http.request", "body": b"merken=", "more_body": True}, {"type": "http.disconnect"}]
    )
    answers: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return next(said)

    async def send(message: MutableMapping[str, Any]) -> None:
        answers.append(message)

    scope = {
        "type": "http", "method": "POST", "scheme": "http", "path": "/merkliste", "raw_path": b"/merkliste",
        "query_string": b"", "root_path": "", "headers": [(b"host", b"hagen.example")], "http_version": "1.1",
        "client": ("127.0.0.1", 4711), "server": ("hagen.example", 80),
    }  # fmt: skip
    await made(scope, receive, send)
    assert answers[0]["status"] == 400
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []
