"""Noise rules: scans that look like what a rule explains, and that it must not hide."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest

from vedette.config import Settings
from vedette.detectors import detect
from vedette.detectors.cases import expand, fill
from vedette.engines.duckdb import Engine

HOME = Settings(home=(ip_network("203.0.113.0/24"),))

SCANNER, HOST = "198.51.100.9", "203.0.113.4"

SITE = "https://www.example.org"

UNRELATED = (SCANNER, "192.0.2.9", "100.64.1.9", "100.65.1.9", "100.66.1.9")

NEIGHBOURS = tuple(f"198.51.100.{number}" for number in range(9, 14))

PROXIES = ["1080", "3128", "8080", "23", "22", "9050", "8123"]

LISTS = [["21", "23", "25", "79", "88"], ["110", "111", "119", "139", "143"], ["389", "443", "445", "512", "513"]]

NAMES = [f"/{directory}/{word}" for directory in ("app", "old", "shop") for word in ("alpha", "beta", "gamma", "delta")]

Line = dict[str, Any]


CALL: Line = {"src_ip": HOST, "dst_ip": SCANNER, "dst_port": "6667", "action": "allow"}


def udp(port: int, source_port: int, host: str = HOST) -> Line:
    """Return one datagram of the scanner."""
    return {"src_ip": SCANNER, "src_port": source_port, "dst_ip": host, "dst_port": str(port), "proto": "udp"}


def served_list(sources: tuple[str, ...], hours: int, ports: str = "26101..26112") -> list[Line]:
    """Return the lines of sources that try the same UDP ports, so many hours one after the other."""
    line = {"src_port": 40123, "dst_ip": HOST, "dst_port": ports, "proto": "udp"}
    return [{**line, "src_ip": source, "start": f"{hours * number}h"} for number, source in enumerate(sources)]


SCANS: dict[str, list[Line]] = {
    "page_record: names that carry one number all": [
        {"src_ip": SCANNER, "url": "/{n}1.php", "n": [f"{name[1:]}-" for name in NAMES], "every": "1s"},
        {"src_ip": SCANNER, "url": "/{n}2", "n": ["a", "b", "c", "d", "e", "f", "g", "h"], "every": "1s"},
    ],
    "page_record: numbered names to cover plain ones": [
        {"src_ip": SCANNER, "url": [f"/news/{number}-story.html" for number in range(100, 130)], "every": "1s"},
        {"src_ip": SCANNER, "url": "/{n}", "n": ["alpha", "beta", "gamma", "delta", "eta", "iota", "kappa", "mu"]},
    ],
    "page_record: numbers for names of an interface": [
        {"src_ip": SCANNER, "url": [f"/{word}/{17 + n}" for n, word in enumerate("abcdefghijkl")], "every": "1s"},
    ],
    "page_loop: new names below pages that repeat themselves": [
        {"src_ip": SCANNER, "url": [f"/{a}", f"/{a}/{a}"], "http_referer": f"{SITE}/{a}"}
        for a in ("alpha", "beta", "gamma", "delta", "eta", "iota", "kappa", "mu")
    ],
    "page_loop: secrets with a forged referer": [
        {"src_ip": SCANNER, "url": f"/a/a/{name}", "http_referer": f"{SITE}/a/a"}
        for name in (".env", ".git/config", "wp-config.php.bak", "phpinfo.php", "server-status", "id_rsa")
    ],
    "media_calls: a range in order, each from the next source port": [
        udp(port, port + 20000) for port in range(10000, 10040)
    ],
    "media_calls: ports at random from one source port": [udp(10000 + 97 * n, 50001) for n in range(40)],
    "media_calls: pairs at three hosts": [
        udp(10000 + 974 * n + odd, 20000 + 2 * n + odd, f"203.0.113.{n % 3 + 1}") for n in range(20) for odd in (0, 1)
    ],
    "same_set: the true source among decoys": served_list(UNRELATED, 0),
    "same_set: five addresses of one network": served_list(NEIGHBOURS, 2),
    "same_set: services": served_list(UNRELATED, 2, "100..120"),
    "rounds: two passes a day apart": [
        {"src_ip": SCANNER, "dst_ip": HOST, "dst_port": "21..40", "every": "5s", "start": start}
        for start in ("0s", "30h")
    ],
    "rounds: every slow probe sent six times": [
        {"src_ip": SCANNER, "dst_ip": HOST, "dst_port": "21..44", "every": "10m", "times": 6},
    ],
    "rounds: a set that grows each day": [
        {"src_ip": SCANNER, "dst_ip": HOST, "dst_port": f"{20 * day}..{20 * day + 12}", "start": f"{9 * day}h"}
        for day in range(1, 6)
    ],
    "rounds: new doors under cover of a set in rounds": [
        *({"src_ip": SCANNER, "dst_ip": HOST, "dst_port": "21..36", "start": f"{7 * again}h"} for again in range(7)),
        {"src_ip": SCANNER, "dst_ip": HOST, "dst_port": "101..114", "start": "30h"},
    ],
    "called_back: a call hours before": [
        CALL,
        {"src_ip": SCANNER, "dst_ip": HOST, "dst_port": PROXIES, "start": "2h"},
    ],
    "called_back: a call to the address while it scans": [
        {**CALL, "start": "2m"},
        {"src_ip": SCANNER, "dst_ip": HOST, "dst_port": PROXIES},
    ],
    "called_back: more than the host that called": [
        CALL,
        {"src_ip": SCANNER, "dst_ip": "203.0.113.4..5", "dst_port": PROXIES, "start": "2s"},
    ],
    "called_back: answers of the host to what was tried": [
        {"src_ip": SCANNER, "src_port": 41000, "dst_ip": HOST, "dst_port": PROXIES, "every": "2s"},
        {**CALL, "src_port": PROXIES, "dst_port": 41000, "tcp_flags": "RA", "every": "2s", "start": "1s"},
    ],
    "called_back: pings and errors that went out": [
        {"src_ip": SCANNER, "dst_ip": HOST, "dst_port": PROXIES, "every": "2s", "start": "2s"},
        {"src_ip": HOST, "dst_ip": SCANNER, "proto": "icmp", "icmp_type": 3, "action": "allow", "times": 12},
    ],
    "called_back: a long list": [
        CALL,
        {"src_ip": SCANNER, "dst_ip": HOST, "dst_port": "20..60", "start": "2s"},
    ],
    "insistent: ten datagrams to each of many doors": [
        {"src_ip": SCANNER, "dst_ip": HOST, "dst_port": "100..140", "proto": "udp", "times": 10, "every": "1s"}
    ],
    "insistent: a service in the middle of a scan": [
        {"src_ip": SCANNER, "dst_ip": HOST, "dst_port": "53", "proto": "udp", "times": 100},
        {"src_ip": SCANNER, "dst_ip": HOST, "dst_port": "100..140", "proto": "udp", "start": "2m"},
    ],
    "reflection: neighbours that sweep from a service's port": [
        {"src_ip": list(NEIGHBOURS), "src_port": 53, "dst_ip": "203.0.113.1..12", "dst_port": "443", "proto": "udp"}
    ],
    "reflection: a scan of many ports from a service's port": [
        {"src_ip": SCANNER, "src_port": 53, "dst_ip": HOST, "dst_port": "100..140", "proto": "udp"}
    ],
    "late_reply: high ports one after the other": [udp(port, 53) for port in range(10000, 10040)],
    "peers: the next port on the next host": [
        {"src_ip": SCANNER, "dst_ip": f"203.0.113.{n + 1}", "dst_port": str(7000 + n), "every": "1s"} for n in range(40)
    ],
    "ftp_data: reserved ports beside high ones": [
        {
            "src_ip": SCANNER,
            "src_port": 20,
            "dst_ip": HOST,
            "dst_port": [*map(str, range(100, 104)), *map(str, range(2001, 2020))],
        }
    ],
    "candidates: services": [udp(port, 51588) for port in (1194, 1701, 1900, 3702, 5060, 5353, 11211, 27015)],
    "candidates: more than a call has": [udp(10007 + 1311 * n, 51588) for n in range(30)],
    "popular_door: forged sources that come with the scan": [
        {"dst_ip": "203.0.113.20..40", "dst_port": "21", "src_ip": "192.0.2.200"},
        *({"src_ip": f"45.{n}.9.7", "dst_ip": HOST, "dst_port": "21..60", "every": "1s"} for n in range(12)),
        {"src_ip": SCANNER, "dst_ip": HOST, "dst_port": "21..60", "every": "1s"},
    ],
    "known_host: a host that others scanned too": [
        *(
            {"src_ip": f"45.{n}.9.7", "dst_ip": HOST, "dst_port": "1..100", "every": "1s", "start": f"{n}h"}
            for n in range(5)
        ),
        {"src_ip": "192.0.2.200", "dst_ip": "203.0.113.20..40", "dst_port": "23"},
        {
            "src_ip": SCANNER,
            "dst_ip": HOST,
            "dst_port": ["21", "22", "25", "53", "80", "88", "99"],
            "every": "1s",
            "start": "9h",
        },
    ],
    "known_host: doors that nobody else knows": [
        *(
            {"src_ip": f"45.{n}.9.7", "dst_ip": HOST, "dst_port": ["5901", "5902", "5903"], "start": f"{n}h"}
            for n in range(6)
        ),
        {"src_ip": "192.0.2.200", "dst_ip": "203.0.113.20..40", "dst_port": "23"},
        {
            "src_ip": SCANNER,
            "dst_ip": HOST,
            "dst_port": ["5901", *map(str, range(21, 40))],
            "every": "1s",
            "start": "9h",
        },
    ],
    "flood: datagrams to services while others flood": [
        *(
            {
                "src_ip": f"45.{n}.9.7",
                "src_port": 4711,
                "dst_ip": HOST,
                "dst_port": "40001..40008",
                "proto": "udp",
                "every": "0.1s",
            }
            for n in range(9)
        ),
        *(udp(port, 4711) for port in (53, 123, 161, 1900, 5060, 11211)),
    ],
    "translated_ports: ports in order": [udp(20000 + 2 * n, 51413) | {"start": f"{10 * n}m"} for n in range(80)],
    "translated_ports: ports at random within an hour": [
        udp(10007 + 1311 * n, 51413) | {"start": f"{n}m"} for n in range(40)
    ],
    "same_set: the same services from addresses that come at once": [
        {
            "src_ip": [*UNRELATED, "101.1.9.7", "102.1.9.7", "103.1.9.7"],
            "dst_ip": HOST,
            "dst_port": ["22", "25", "143", "993", "3389"],
        },
    ],
    "page_program: other pages under the name of a program": [
        {
            "src_ip": SCANNER,
            "url": ["/.env", "/.git/config", "/phpinfo.php", "/server-status", "/id_rsa"],
            "user_agent": "wp-android/25.6",
        },
    ],
    "page_linked: one numbered page that vouches for all": [
        {"src_ip": SCANNER, "url": "/news/1", "http_status": 200},
        *(
            {"src_ip": SCANNER, "url": f"/{word}{end}", "http_referer": f"{SITE}/news/{n}"}
            for n, word in enumerate(("alpha", "beta", "gamma", "delta", "eta", "iota"))
            for end in ("", "-old")
        ),
    ],
    "shared_rounds: a list in shares": [
        {"src_ip": source, "dst_ip": HOST, "dst_port": ports, "every": "1s", "start": f"{7 * again}h"}
        for source, ports in zip(UNRELATED, LISTS, strict=False)
        for again in range(3)
    ],
    "shared_rounds: three addresses of one network": [
        {"src_ip": source, "dst_ip": HOST, "dst_port": PROXIES, "every": "1s", "start": f"{7 * again}h"}
        for source in NEIGHBOURS[:3]
        for again in range(4)
    ],
}


@pytest.mark.parametrize("lines", SCANS.values(), ids=SCANS.keys())
def test_a_scan_does_not_hide_in_what_a_noise_rule_explains(lines: list[Line]) -> None:
    with Engine() as engine:
        fill(engine, [event for line in lines for event in expand(line)])

        assert SCANNER in {finding.source for finding in detect(engine, HOME)}
