"""The promises of DESIGN §3, §4 and §9 that a syntax tree shows; each rule is tried on a breach of it as well."""

import ast
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

pytestmark = pytest.mark.unmeasured  # what is read here is not run

PACKAGE = Path(__file__).resolve().parents[2] / "fediverse_ehrenamt"
PATHS = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))

MAX_LINES = 450  # at 300 one stops to think
_LEAVE_THE_MACHINE = {
    "kit/http.py": ("httpx", "httpx_aiohttp", "aiohttp", "requests", "urllib3", "urllib.request", "http.client"),
    "kit/smtp.py": ("aiosmtplib", "smtplib"),
}
_MAKE_SIGNED = {"federation/signatures.py", "federation/proofs.py", "federation/fetch.py"}
_ENDLESS = {"cache", "lru_cache(None)", "lru_cache(maxsize=None)"}
_GIVEN_FEW = {  # names of our own
    "demo/ideas.py:event_ideas",
    "demo/ideas.py:offer_ideas",
    "demo/towns.py:_districts",
    "places/gazetteer.py:_region_words",
    "publishing/schema.py:_document",
    "publishing/schema.py:entry",
    "understanding/question_lexicon.py:_keys",
}
_RUFF = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]
_LARGE: list[str] = _RUFF["lint"]["flake8-tidy-imports"]["banned-module-level-imports"]
_NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "service", "services"}


@dataclass(frozen=True, slots=True)
class Module:
    """One module: its path below the package, its lines, its syntax tree, and all of that with the calls in it.

    A call comes with the dotted name of what is called ("datetime.now").
    """

    path: str
    lines: int
    tree: ast.Module
    nodes: tuple[ast.AST, ...]
    calls: tuple[tuple[ast.Call, str], ...]

    @classmethod
    def of(cls, path: str, source: str) -> "Module":
        tree = ast.parse(source)
        nodes = tuple(ast.walk(tree))
        called = (
            node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)
        )
        return cls(path, len(source.splitlines()), tree, nodes, tuple((one, ast.unparse(one.func)) for one in called))

    def imports(self) -> Iterator[tuple[ast.stmt, str]]:
        """Yield each import with the full name it brings in."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from ((node, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((node, f"{node.module or ''}.{alias.name}") for alias in node.names)


def hidden_imports(module: Module) -> Iterator[ast.AST]:
    """Find imports inside functions, but of the optional extra, which wiring alone looks for, and of what is large.

    What is large, pyproject.toml lists, and ruff keeps it out of the heads of modules.
    """
    inside = {
        node
        for function in module.nodes
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node, name in module.imports():
        if node in inside and not _is_large(name) and not _is_extra(module, name):
            yield node


def _is_large(name: str) -> bool:
    return any(name == large or name.startswith(f"{large}.") for large in _LARGE)


def _is_extra(module: Module, name: str) -> bool:
    return module.path == "wiring.py" and name.startswith("fediverse_ehrenamt.meaning.")


def type_checking(module: Module) -> Iterator[ast.AST]:
    for node in module.nodes:
        if (isinstance(node, ast.Name) and node.id == "TYPE_CHECKING") or (
            isinstance(node, ast.Attribute) and node.attr == "TYPE_CHECKING"
        ):
            yield node


def relative_imports(module: Module) -> Iterator[ast.AST]:
    return (node for node in module.nodes if isinstance(node, ast.ImportFrom) and node.level)


def too_long(module: Module) -> Iterator[ast.AST]:
    if module.lines > MAX_LINES:
        yield module.tree


def forged_signed(module: Module) -> Iterator[ast.AST]:
    if module.path not in _MAKE_SIGNED:
        yield from (node for node, name in module.calls if name.rpartition(".")[2] == "Signed")


def catch_alls(module: Module) -> Iterator[ast.AST]:
    if not module.path.startswith("jobs/"):
        for node in module.nodes:
            if isinstance(node, ast.ExceptHandler):
                caught = ast.walk(node.type) if node.type else [ast.Name("Exception")]
                if any(isinstance(one, ast.Name) and one.id in {"Exception", "BaseException"} for one in caught):
                    yield node


def environment(module: Module) -> Iterator[ast.AST]:
    if module.path != "settings.py":
        yield from (node for node, name in module.imports() if name in {"os.environ", "os.getenv", "os.environb"})
        for node in module.nodes:
            if isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv", "os.environb"}:
                yield node


def engines(module: Module) -> Iterator[ast.AST]:
    if module.path != "storage/engine.py":
        makers = {"create_engine", "create_async_engine", "engine_from_config"}
        yield from (node for node, name in module.calls if name.rpartition(".")[2] in makers)


def outside(module: Module) -> Iterator[ast.AST]:
    barred = [one for path, libraries in _LEAVE_THE_MACHINE.items() if path != module.path for one in libraries]
    for node, name in module.imports():
        if any(name == one or name.startswith(f"{one}.") for one in barred):
            yield node


def clocks(module: Module) -> Iterator[ast.AST]:
    """Find where the time is read; ids are made by the machine's, whatever the clock of a transaction says."""
    if module.path not in {"kit/clock.py", "kit/ids.py"}:
        readings = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
        readings |= {f"time.{name}" for name in ("time", "time_ns", "localtime", "gmtime", "strftime", "ctime")}
        yield from (node for node, name in module.calls if ".".join(name.split(".")[-2:]) in readings)


def other_clocks(module: Module) -> Iterator[ast.AST]:
    """Find where a moment is told by the clock of the machine, or its day by UTC's: neither is the volunteers'."""
    for node, name in module.calls:
        of_machine = name.endswith(".astimezone") and not node.args
        if module.path != "kit/clock.py" and (of_machine or name.endswith(("now.date", "_at.date"))):
            yield node


def texts_of_machine(module: Module) -> Iterator[ast.AST]:
    """Find texts of files in the encoding of the machine's locale: what one wrote, another could not read."""
    for node, name in module.calls:
        most = {"read_text": 0, "write_text": 1}.get(name.rpartition(".")[2])
        if most is not None and len(node.args) <= most and "encoding" not in {word.arg for word in node.keywords}:
            yield node


def careless_cookies(module: Module) -> Iterator[ast.AST]:
    """Find cookies that go along with what other sites ask, can be read by scripts, or are sent unencrypted."""
    for node, name in module.calls:
        if name.rpartition(".")[2] in {"set_cookie", "delete_cookie"}:
            said = {word.arg: word.value for word in node.keywords}
            site, http = (ast.unparse(said[word]) if word in said else "" for word in ("samesite", "httponly"))
            if site not in {"'lax'", "'strict'"} or http != "True" or "secure" not in said:
                yield node


def endless_memory(module: Module) -> Iterator[ast.AST]:
    """Find functions that remember without end what they are given, where that is more than our own few names."""
    for node in module.nodes:
        if isinstance(node, ast.FunctionDef) and f"{module.path}:{node.name}" not in _GIVEN_FEW:
            given = [one for one in node.args.args if not ast.unparse(one.annotation or one).startswith("type[")]
            if given and any(ast.unparse(one).rpartition(".")[2] in _ENDLESS for one in node.decorator_list):
                yield node


def no_first_line(module: Module) -> Iterator[ast.AST]:
    """Find modules and packages that do not say what they hold; folders of migrations are no packages to read."""
    said = module.tree.body or not module.path.startswith("storage/migrations/")
    if said and not ast.get_docstring(module.tree):
        yield module.tree


def busy_init(module: Module) -> Iterator[ast.AST]:
    if module.path.endswith("__init__.py"):
        yield from (node for node in module.tree.body if not isinstance(node, ast.Expr))


def nameless(module: Module) -> Iterator[ast.AST]:
    if PurePosixPath(module.path).stem in _NAMELESS:
        yield module.tree
    for node in module.nodes:
        if isinstance(node, ast.ClassDef) and node.name.endswith(("Manager", "Helper")):
            yield node


# Each rule with what it says, and a breach of it that it must find: the path below the package, the source.
RULES: tuple[tuple[Callable[[Module], Iterator[ast.AST]], str, tuple[str, str]], ...] = (
    (hidden_imports, "no import inside a function", ("web/a.py", "async def f():\n    if 1:\n        import json")),
    (
        hidden_imports,
        "nor beside what is large",
        ("web/a.py", "def f():\n    from fediverse_ehrenamt.vocab import guard, jsonld"),
    ),
    (type_checking, "no TYPE_CHECKING imports", ("web/a.py", "import typing\nif typing.TYPE_CHECKING:\n    import x")),
    (relative_imports, "absolute imports only", ("web/a.py", "from . import forms")),
    (too_long, f"at most {MAX_LINES} lines", ("web/a.py", "x = 1\n" * (MAX_LINES + 1))),
    (forged_signed, "only verification makes a Signed", ("federation/inbox.py", "s = evidence.Signed('a', b'', 'x')")),
    (catch_alls, "only the job runner catches everything", ("web/a.py", "try: x\nexcept (OSError, Exception): y")),
    (catch_alls, "no bare except", ("federation/a.py", "try: x\nexcept: y")),
    (environment, "only settings.py reads the environment", ("cli.py", "import os\nHOME = os.environ['HOME']")),
    (environment, "not under another name either", ("cli.py", "from os import environ as e")),
    (
        engines,
        "only storage/engine.py makes engines",
        ("search/a.py", "engine = sqlalchemy.create_engine('sqlite://')"),
    ),
    (outside, "only kit/http.py leaves the machine", ("federation/a.py", "from aiohttp.client import ClientSession")),
    (outside, "nor by the standard library", ("media/a.py", "import urllib.request")),
    (outside, "only kit/smtp.py sends letters", ("kit/http.py", "import smtplib")),
    (clocks, "only kit/clock.py reads the clock", ("events/rules.py", "x = datetime.datetime.now(UTC)")),
    (clocks, "nor by the standard library's other way", ("demo/run.py", "x = time.strftime('%H:%M')")),
    (other_clocks, "moments are told by the volunteers' clock", ("commands/a.py", "x = row.since.astimezone()")),
    (other_clocks, "and so are days, by clock.day", ("accounts/a.py", "x = work.now.date()")),
    (texts_of_machine, "texts are UTF-8 on every machine", ("setup.py", "file.write_text('Düsseldorf')")),
    (texts_of_machine, "also where they are read", ("places/a.py", "x = files('a').joinpath('b').read_text()")),
    (
        careless_cookies,
        "cookies are ours alone: samesite, httponly, secure",
        ("web/a.py", "response.set_cookie('a', 'b', samesite='none', httponly=True, secure=True)"),
    ),
    (careless_cookies, "also where one is deleted", ("web/a.py", "response.delete_cookie('a', samesite='lax')")),
    (endless_memory, "nothing remembers others' words without end", ("imports/a.py", "@cache\ndef f(name: str): ...")),
    (endless_memory, "nor by its other name", ("web/a.py", "@functools.lru_cache(maxsize=None)\ndef f(x): ...")),
    (no_first_line, "a first line says what a module holds", ("web/a.py", "x = 1")),
    (no_first_line, "and what a package does", ("web/__init__.py", "")),
    (busy_init, "__init__.py holds at most a sentence", ("web/__init__.py", '"""Web."""\nfrom web import forms')),
    (nameless, "modules are named for what they hold", ("web/utils.py", "x = 1")),
    (nameless, "no managers", ("web/a.py", "class SessionManager: ...")),
)


@pytest.mark.parametrize("path", PATHS)
def test_the_package_keeps_every_rule(path: str) -> None:
    module = Module.of(path, (PACKAGE / path).read_text(encoding="utf-8"))
    breaches = {
        f"{path}:{getattr(node, 'lineno', 1)}: {sentence}" for rule, sentence, _ in RULES for node in rule(module)
    }
    assert not breaches


@pytest.mark.parametrize(("rule", "sentence", "breach"), RULES, ids=[sentence for _, sentence, _ in RULES])
def test_each_rule_finds_a_breach(
    rule: Callable[[Module], Iterator[ast.AST]], sentence: str, breach: tuple[str, str]
) -> None:
    assert list(rule(Module.of(*breach))), sentence


@pytest.mark.parametrize(
    ("rule", "path", "source"),
    [
        (hidden_imports, "kit/a.py", "import json\ndef f():\n    import segno"),
        (hidden_imports, "vocab/a.py", "def f():\n    from fediverse_ehrenamt.vocab.jsonld import compact"),
        (hidden_imports, "wiring.py", "def f():\n    from fediverse_ehrenamt.meaning import table"),
        (forged_signed, "federation/proofs.py", "s = Signed('a', b'', 'x')"),
        (catch_alls, "jobs/runner.py", "try: x\nexcept Exception: y"),
        (environment, "settings.py", "import os\nx = os.environ"),
        (engines, "storage/engine.py", "e = create_engine('sqlite://')"),
        (outside, "kit/http.py", "import httpx"),
        (outside, "kit/smtp.py", "import aiosmtplib"),
        (outside, "web/a.py", "import http\nfrom urllib.parse import urlsplit"),
        (careless_cookies, "web/a.py", "r.set_cookie('a', 'b', samesite='lax', httponly=True, secure=here)"),
        (clocks, "kit/clock.py", "x = datetime.now(UTC)"),
        (other_clocks, "web/a.py", "x = moment.astimezone(HOME), clock.day(work.now), begin.date()"),
        (texts_of_machine, "a.py", "f.write_text('x', encoding='utf-8'), f.read_text('utf-8', 'replace')"),
        (busy_init, "web/__init__.py", '"""Web."""'),
        (
            endless_memory,
            "web/a.py",
            "@lru_cache(9)\ndef f(x): ...\n@cache\ndef g(kind: type[T]): ...\n@cache\ndef h(): ...",
        ),
    ],
)
def test_a_rule_leaves_alone_what_is_right(rule: Callable[[Module], Iterator[ast.AST]], path: str, source: str) -> None:
    assert not list(rule(Module.of(path, source)))


def test_the_package_is_really_looked_at() -> None:
    assert "kit/errors.py" in PATHS
