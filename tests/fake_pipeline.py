"""A pipeline that reads nothing: what the command line and the outputs are tested against."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vedette.config import Settings, StoreLocked
from vedette.model import Input, Offense, Record, Report

START = 1_773_100_800_000_000  # 2026-03-10T00:00:00Z
SECOND = 1_000_000

HOSTILE = (
    "\x1b]52;c;aGk=\x07\x1b[2J\x9b31m\x7f\x00\r\n\t\u202egpj.exe\u2066\u2069\u2028\u2029\u200b\ufeff\udcff"
    "[red]x[/red]<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>"
    '![x](http://e.example/x)|`id`|=1+1,"=2+2";@SUM(A1)${jndi:ldap://127.0.0.1:1389/a}{0.__class__}%(x)s{{7*7}}&lt;'
)


def offense(source: str = "198.51.100.7", score: float = 9.1, level: str = "critical", **changes: Any) -> Offense:
    """Make an offense: a vertical scan of six minutes that found two doors."""
    values: dict[str, Any] = {
        "id": f"id-{source}",
        "source": source,
        "sources": [source],
        "kinds": ["vertical"],
        "slow": False,
        "techniques": ["T1595.001"],
        "tool": {"name": "nmap", "confidence": 0.9, "why": "its SEQ relation"},
        "acknowledged": None,
        "first_seen": START,
        "detected_at": START + 5 * SECOND,
        "last_seen": START + 362 * SECOND,
        "settled_by": Record("fw.log", 12),
        "probes": 430,
        "targets": 1,
        "ports": 412,
        "paths": 0,
        "coverage": 0.004,
        "answered": [
            {"target": "203.0.113.10", "port": 22, "at": START + 90 * SECOND},
            {"target": "203.0.113.10", "path": "/.env", "at": START + 95 * SECOND},
        ],
        "score": score,
        "level": level,
        "parts": {"breadth": 4.0, "speed": 2.1, "reach": 3.0},
        "reasons": ["412 ports of one host in 6 minutes, then 2 doors answered", "the tool is nmap"],
        "evidence": [Record("fw.log", 1), Record("fw.log", 12)],
    }
    return Offense(**(values | changes))


def report(**changes: Any) -> Report:
    """Make a report of three offenses, noise and one suppressed scanner."""
    values: dict[str, Any] = {
        "command": ["vedette", "scan", "fw.log", "access.log"],
        "window": (START, START + 86_400 * SECOND),
        "inputs": [
            Input("fw.log", "netfilter", 1_204_331, 1_204_119, 212, 240_000_000, 0.5, {"netfilter": 1_204_119}),
            Input(
                *("access.log", "combined", 1_000, 900, 100, 90_000),
                formats={"combined": 900},
                rejects={"no format takes it": 99, "bad time": 1},
                examples=[{"line": n, "text": f"odd line {n}", "why": "no format takes it"} for n in (3, 5, 8, 9)],
            ),
        ],
        "offenses": [
            offense(),
            offense(
                "2001:db8:1:2::/64",
                7.4,
                "high",
                kinds=["horizontal", "udp", "block"],
                ports=1,
                targets=254,
                answered=[],
                tool=None,
            ),
            offense(
                "192.0.2.9",
                4.2,
                "medium",
                kinds=["web_wordlist"],
                slow=True,
                ports=0,
                paths=3_812,
                targets=1,
                answered=[],
            ),
        ],
        "noise": {"backscatter": {"sources": 221, "events": 4_000}, "late DNS replies": {"sources": 3, "events": 40}},
        "suppressed": [
            (offense("192.0.2.77"), {"network": "192.0.2.77/32", "who": "ops", "why": "weekly", "until": START})
        ],
        "events": 1_205_019,
        "sources": 6_412,
        "targets": 254,
        "denied": 1_158_000,
        "background": 5_981,
        "signature": [(START + n * SECOND, n + 1) for n in range(362)],
    }
    return Report(**(values | changes))


def quiet_report(**changes: Any) -> Report:
    """Make a report in which nobody scans."""
    return report(**({"offenses": [], "noise": {}, "suppressed": [], "signature": []} | changes))


def hostile_report(text: str = HOSTILE) -> Report:
    """Make a report in which every string that can come from a log or a file name is *text*."""
    bad = offense(
        source="203.0.113.66",
        tool={"name": text, "confidence": 0.5, "why": text},
        acknowledged={"owner": text, "list": text, "date": text},
        answered=[{"target": text, "path": text, "at": START}],
        reasons=[text, text],
        parts={text: 3.0},
        settled_by=Record(text, 1),
        evidence=[Record(text, 1)],
    )
    inputs = [
        Input(
            text,
            text,
            10,
            1,
            9,
            100,
            0.1,
            {text: 1},
            False,
            text,
            None,
            {text: 9},
            [{"line": 1, "text": text, "why": text}],
        ),
        Input("b.log", same_as=text),
        Input("c.log", problem=text, complete=False),
    ]
    return report(
        command=["vedette", "scan", text],
        inputs=inputs,
        offenses=[bad],
        noise={text: {"sources": 1, "events": 1}},
        suppressed=[(bad, {"network": text, "who": text, "why": text, "until": None})],
        signature_axis=text,
    )


EVENT = {
    "ts": "2026-03-10T00:00:00.000000Z",
    "src_ip": "198.51.100.7",
    "src_port": 40000,
    "dst_ip": "203.0.113.10",
    "dst_port": 22,
    "proto": "tcp",
    "action": "deny",
    "format": "netfilter",
    "sensor": "gw",
    "input": "fw.log",
    "line": 1,
    "tcp_flags": "S",
}


def hostile_event(text: str = HOSTILE) -> dict[str, Any]:
    """Make an event whose every text is *text*."""
    return EVENT | dict.fromkeys(
        ("sensor", "input", "http_method", "http_host", "url", "user_agent", "signature", "username", "message"), text
    )


class Pipeline:
    """Stand in for vedette.pipeline; `seen` holds the settings it was called with."""

    def __init__(self, answer: Report | BaseException | None = None, text: str = "x") -> None:
        """Answer with a report, raise an exception, or report nobody."""
        self.answer = answer if answer is not None else quiet_report()
        self.text = text
        self.seen: Settings | None = None
        self.paths: list[str] = []

    def _take(self, paths: list[str], settings: Settings) -> None:
        self.paths, self.seen = list(paths), settings
        if isinstance(self.answer, BaseException):
            raise self.answer

    def scan(self, paths: list[str], settings: Settings, progress: Any = None) -> Report:
        """Return the report."""
        self._take(paths, settings)
        assert isinstance(self.answer, Report)
        for read in self.answer.inputs:
            progress.update(read.path, read.bytes, read.bytes, read.lines)
            progress.finish(read)
        return self.answer

    def events(self, paths: list[str], settings: Settings, progress: Any = None) -> Iterator[dict[str, Any]]:
        """Yield two events, then say that one input was not there."""
        self._take(paths, settings)
        yield from (EVENT, hostile_event(self.text))
        progress.finish(Input("fw.log", "netfilter", 2, 2))
        if "missing.log" in paths:
            progress.finish(Input("missing.log", problem=f"no such file {self.text}", complete=False))

    def explain(self, line: bytes, settings: Settings) -> dict[str, Any]:
        """Explain with the line itself in every text."""
        text = line.decode("utf-8", "surrogateescape")
        self._take([], settings)
        return {
            "format": None,
            "event": hostile_event(text),
            "candidates": [{"format": "netfilter", "reached": 3, "why": text}],
            "detectors": [{"detector": "vertical", "contact": text, "counts": True, "why": text}],
        }

    def why(self, address: str, paths: list[str], settings: Settings, progress: Any = None) -> dict[str, Any]:
        """Give one reason for, one against, one near miss."""
        self._take(paths, settings)
        assert progress is not None
        near = {"detector": "vertical", "window": 300 * SECOND, "count": 17, "threshold": 20, "why": self.text}
        found = hostile_report(self.text).offenses[0]
        return {"source": address, "offense": found, "evidence": [self.text], "against": [self.text], "nearest": [near]}

    def formats(self) -> list[dict[str, Any]]:
        """List two formats."""
        row = {
            "title": self.text,
            "reference": self.text,
            "tokenizer": "kv",
            "switch": None,
            "samples": 3,
            "fields": ["src_ip", self.text],
        }
        return [{"name": "netfilter"} | row, {"name": "combined"} | row]

    def format_named(self, name: str) -> dict[str, Any]:
        """Describe a format; there are two."""
        row = next((row for row in self.formats() if row["name"] == name), None)
        if row is None:
            raise ValueError(f"no format {name!r}; did you mean netfilter?")
        samples = [
            {"name": self.text, "line": self.text, "event": {"url": self.text}},
            {"line": self.text, "event": None},
        ]
        return row | {"samples": samples}

    def detectors(self) -> list[dict[str, Any]]:
        """List one detector."""
        row = {"name": "vertical", "title": self.text, "kind": "vertical", "technique": "T1595.001", "why": self.text}
        return [row | {"blind": [self.text], "knobs": {"ports": {"value": 15, "why": self.text}}, "cases": 2}]

    def demo_path(self) -> str:
        """Name the folder of the logs that come along."""
        return str(Path("demo"))


def install(pipeline: Pipeline) -> None:
    """Put *pipeline* where the command line looks for it (in a process of its own; tests use monkeypatch)."""
    import vedette

    vars(vedette)["pipeline"] = pipeline


def run(name: str, argv: list[str]) -> int:
    """Run the command line in this process with the pipeline called *name*."""
    from vedette.cli import main

    kinds = {
        "report": report(),
        "hostile": hostile_report(),
        "interrupt": KeyboardInterrupt(),
        "defect": RuntimeError(f"oops {HOSTILE}"),
        "locked": StoreLocked("the store is open in another process"),
    }
    install(Pipeline(kinds[name], HOSTILE if name == "hostile" else "x"))
    return main(argv)


if __name__ == "__main__":
    import sys

    sys.exit(run(sys.argv[1], sys.argv[2:]))
