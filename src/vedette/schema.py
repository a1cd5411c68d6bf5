"""The tables: every column with its type, its unit and its meaning.

DDL, the documentation and the JSON of `vedette events` come from here, so a column is described
once. Addresses are two BIGINTs, the upper and the lower 64 bits of the IPv6 form (IPv4 as
::ffff:a.b.c.d), so that every SQL engine can hash, group and range-filter them without an
extension. NULL means "the record does not say".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Column(NamedTuple):
    """Describe one column of a table.

    `kind` says how a reader decodes it and how it is printed: "time" (microseconds since
    1970-01-01 UTC), "address" (stored as NAME_hi and NAME_lo), "integer", "enum" (a small integer
    with names in ENUMS), "flags" (TCP flag bits), "text", or "record" (see `record` in EVENTS).
    `detect` marks what the detectors read; `vedette scan` loads those columns only.
    """

    name: str
    kind: str
    sql: str
    detect: bool
    meaning: str


ACTIONS = {"deny": 0, "allow": 1, "alert": 2}

PROTOCOLS = {
    "icmp": 1,
    "igmp": 2,
    "tcp": 6,
    "udp": 17,
    "dccp": 33,
    "ipv6": 41,
    "gre": 47,
    "esp": 50,
    "ah": 51,
    "ipv6-icmp": 58,
    "ospf": 89,
    "pim": 103,
    "vrrp": 112,
    "sctp": 132,
    "udplite": 136,
}

TCP_FLAGS = {"F": 1, "S": 2, "R": 4, "P": 8, "A": 16, "U": 32, "E": 64, "C": 128}

ENUMS = {"action": ACTIONS, "proto": PROTOCOLS}

EVENTS = (
    Column("record", "record", "BIGINT", True, "chunk number * 2^24 + line in chunk; orders events as they were read"),
    Column(
        "format",
        "format",
        "SMALLINT",
        False,
        "the format that took the line, as an index into the format list of the run",
    ),
    Column("ts", "time", "BIGINT", True, "when it happened, microseconds since 1970 UTC"),
    Column("src", "address", "BIGINT", True, "who began the conversation"),
    Column("dst", "address", "BIGINT", True, "whom it was for"),
    Column("src_port", "integer", "INTEGER", True, "port of the source"),
    Column("dst_port", "integer", "INTEGER", True, "port of the target"),
    Column("proto", "enum", "SMALLINT", True, "IANA protocol number"),
    Column("action", "enum", "TINYINT", True, "what the sensor did: 0 deny, 1 allow, 2 alert"),
    Column("tcp_flags", "flags", "SMALLINT", True, "TCP flags, the eight bits of the header's flag byte"),
    Column("icmp_type", "integer", "SMALLINT", True, "ICMP or ICMPv6 type"),
    Column("icmp_code", "integer", "SMALLINT", False, "ICMP or ICMPv6 code"),
    Column("ttl", "integer", "SMALLINT", False, "time to live or hop limit as it arrived"),
    Column("ip_id", "integer", "INTEGER", True, "identification field of the IPv4 header"),
    Column("tcp_window", "integer", "INTEGER", True, "TCP window as sent, unscaled"),
    Column("tcp_seq", "integer", "BIGINT", True, "TCP sequence number"),
    Column("tcp_options", "text", "VARCHAR", False, "TCP options as hexadecimal digits"),
    Column("count", "integer", "BIGINT", True, "how many equal events the record stands for; NULL is one"),
    Column("bytes", "integer", "BIGINT", True, "bytes of the packet, the flow or the response"),
    Column("packets", "integer", "BIGINT", True, "packets of the flow"),
    Column("http_method", "text", "VARCHAR", True, "method of the request"),
    Column("http_host", "text", "VARCHAR", True, "site that was asked: virtual host or Host header"),
    Column("url", "text", "VARCHAR", True, "request target as logged"),
    Column("http_status", "integer", "SMALLINT", True, "status of the answer"),
    Column("http_referer", "text", "VARCHAR", True, "Referer header as logged"),
    Column("user_agent", "text", "VARCHAR", True, "User-Agent header as logged"),
    Column("signature_id", "text", "VARCHAR", True, "identifier of the IDS signature or the device's message"),
    Column("signature", "text", "VARCHAR", True, "name of the IDS signature"),
    Column("username", "text", "VARCHAR", False, "user the record names"),
    Column("message", "text", "VARCHAR", False, "the device's own sentence"),
    Column("sensor", "text", "VARCHAR", False, "device that wrote the record: host name or address"),
)

OF_FLOWS = ("count", "packets")
"""What a record has that stands for several packets, or several events."""

OF_REQUESTS = ("bytes", "http_status")
"""What detectors read of requests alone, though packets and flows may have it."""

REQUESTS = tuple(column for column in EVENTS if column.detect)
FLOWS = tuple(column for column in REQUESTS if column.sql != "VARCHAR" and column.name not in OF_REQUESTS)
PACKETS = tuple(column for column in FLOWS if column.name not in OF_FLOWS)
"""What detectors read of firewall records, of flows and of counted events, and of all others. They are loaded into tables
of their own, because an engine spends as much on a column that is always NULL as on one that is not; `events` is the union."""

HALVES = ("hi", "lo")


def sql_columns(columns: tuple[Column, ...] = EVENTS) -> list[tuple[str, str]]:
    """Return (name, SQL type) of every stored column, addresses split in two halves."""
    return [
        (name, column.sql)
        for column in columns
        for name in ([f"{column.name}_{half}" for half in HALVES] if column.kind == "address" else [column.name])
    ]


def union(tables: Mapping[str, tuple[Column, ...]]) -> str:
    """Return the SELECT that makes one relation of tables which hold a part of the columns of EVENTS each; the others are NULL."""
    parts = []
    for table, columns in tables.items():
        held = dict(sql_columns(columns))
        row = ", ".join(name if name in held else f"NULL::{sql} AS {name}" for name, sql in sql_columns())
        parts.append(f"SELECT {row} FROM {table}")
    return "\nUNION ALL\n".join(parts)


def ddl(table: str, columns: tuple[Column, ...] = EVENTS) -> str:
    """Return the CREATE TABLE statement of a table with these columns."""
    body = ",\n  ".join(f"{name} {sql}" for name, sql in sql_columns(columns))
    return f"CREATE TABLE {table} (\n  {body}\n)"
