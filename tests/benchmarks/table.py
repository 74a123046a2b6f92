"""The figures as a table beside their targets and ceilings, and as one flat object in build/bench.json."""

import json
from dataclasses import dataclass

from tests.benchmarks.measuring import BUILD, Figures

_FILE = BUILD / "bench.json"


@dataclass(frozen=True, slots=True)
class Line:
    """A figure; `least` or `most` is its target, `ceiling` the figure measured beside it in the same run."""

    name: str
    least: float | None = None
    most: float | None = None
    ceiling: str = ""

    def target(self) -> str:
        if self.least is not None:
            return f"≥ {self.least:g}"
        return "" if self.most is None else f"≤ {self.most:g}"

    def verdict(self, value: float) -> str:
        if self.least is None and self.most is None:
            return ""
        good = (self.least is None or value >= self.least) and (self.most is None or value <= self.most)
        return "ok" if good else "MISSED"


def _search(size: str, *, selective: float, counted: float, broad: float) -> tuple[Line, ...]:
    """Return the lines of an index of some size, with the most milliseconds that each kind of search may take."""
    p50, p95 = f"search_{size}_ceiling_p50_ms", f"search_{size}_ceiling_p95_ms"
    return (
        Line(f"search_{size}_p50_ms", ceiling=p50),
        Line(f"search_{size}_p95_ms", most=selective, ceiling=p95),
        Line(f"search_{size}_counted_p50_ms", ceiling=p50),
        Line(f"search_{size}_counted_p95_ms", most=counted, ceiling=p95),
        Line(f"broad_{size}_p95_ms", most=broad),
        Line(f"kept_{size}_p95_ms", most=2.0),
        Line(f"search_{size}_hits_median", least=20.0),
    )


LINES = (
    Line("inbox_ratio", least=0.45),
    Line("inbox_per_s", ceiling="inbox_ceiling_per_s"),
    Line("inbox_cpu_s_per_1000", most=0.35, ceiling="inbox_ceiling_cpu_s_per_1000"),
    Line("handled_cpu_s_per_1000", most=1.5, ceiling="inbox_ceiling_cpu_s_per_1000"),
    Line("inbox_handled_per_s"),
    Line("handled_per_s", least=1_000.0),
    Line("load_headroom", least=2.0),
    *(
        Line(f"{verb}_per_s_{scheme}", ceiling=f"{verb}_ceiling_{key}_per_s")
        for scheme, key in (("cavage", "rsa"), ("rfc9421", "rsa"), ("proof", "ed25519"))
        for verb in ("sign", "verify")
    ),
    Line("fanout_10k_s", most=1.0),
    Line("fanout_10k_mb", most=300.0),
    Line("fanout_10k_delivered_s"),
    Line("delivery_ratio", least=0.6),
    Line("delivery_per_s", ceiling="delivery_ceiling_per_s"),
    *_search("200k", selective=8.0, counted=6.0, broad=60.0),
    Line("suggest_p95_ms", most=5.0),
    Line("index_docs_per_s", least=8_000.0),
    Line("page_200k_p95_ms", most=50.0),
    Line("pages_per_s", least=150.0),
    Line("calendar_200k_p95_ms", most=50.0),
    Line("calendar_200k_all_ms", most=150.0),
    Line("atom_200k_p95_ms", most=100.0),
    Line("ics_200k_p95_ms", most=300.0),
    Line("map_200k_p95_ms", most=50.0),
    Line("search_vs_pg", least=5.0),
    Line("search_vs_fts5", least=5.0),
    *_search("1m", selective=10.0, counted=10.0, broad=250.0),
    Line("suggest_1m_p95_ms", most=5.0),
    Line("index_1m_docs_per_s", least=8_000.0),
    Line("search_1m_mb", most=350.0),
    Line("search_1m_mapped_mb"),
    Line("percolate_100k_ms", most=20.0, ceiling="percolate_ceiling_ms"),
    Line("percolate_100k_anywhere_ms", most=20.0),
    Line("percolate_100k_mb"),
    Line("matching_2000_ms", most=25.0, ceiling="matching_ceiling_ms"),
    Line("matching_2000_few_ms", most=25.0, ceiling="matching_ceiling_ms"),
    Line("queue_jobs_per_s", least=10_000.0, ceiling="queue_ceiling_per_s"),
    Line("queue_idle_claim_ms", most=1.0, ceiling="queue_idle_ceiling_ms"),
    Line("searchable_s", most=0.5),
    Line("searchable_max_s", most=0.5),
    Line("streamed_per_s", least=190.0),
    Line("streamed_searchable_s"),
    Line("streamed_searchable_max_s", most=0.5),
    Line("import_10k_s", most=30.0),
    Line("import_10k_again_s"),
    Line("import_10k_mb"),
    *(Line(f"lighthouse_{one}", least=95.0) for one in ("performance", "accessibility", "best_practices")),
    Line("lighthouse_kb", most=120.0),
    Line("lighthouse_shift", most=0.0),
    Line("idle_rss_mb", most=150.0, ceiling="bare_rss_mb"),
    Line("loaded_rss_mb"),
)
_HEAD = ("figure", "measured", "ceiling", "target", "")
_WIDTHS = (26, 12, 12, 12, 8)


def text(figures: Figures) -> str:
    """Return the lines of what was measured; a search index that was there already took 0 seconds to build."""
    rows = [_HEAD, *(_row(line, figures) for line in LINES if line.name in figures)]
    return "\n".join(
        "".join(cell.ljust(width) if at == 0 else cell.rjust(width) for at, (cell, width) in enumerate(pairs)).rstrip()
        for pairs in (tuple(zip(row, _WIDTHS, strict=True)) for row in rows)
    )


def _row(line: Line, figures: Figures) -> tuple[str, ...]:
    value = figures[line.name]
    ceiling = _number(figures[line.ceiling]) if line.ceiling else ""
    return (line.name, _number(value), ceiling, line.target(), line.verdict(value))


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def keep(figures: Figures) -> None:
    """Write the figures to build/bench.json, beside those of other parts that are there."""
    held = json.loads(_FILE.read_text()) if _FILE.exists() else {}
    _FILE.parent.mkdir(parents=True, exist_ok=True)
    merged = held | {name: round(value, 4) for name, value in figures.items()}
    _FILE.write_text(json.dumps(dict(sorted(merged.items())), indent=1) + "\n")
