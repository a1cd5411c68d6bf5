"""Small formats that the tests of the tokenizers make up, for what no shipped format exercises alone."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from kernel_lines import read_lines
from vedette.formats import Format
from vedette.reading.reference import Context, Reading, read

if TYPE_CHECKING:
    from collections.abc import Sequence

RECEIVED = 1_773_187_200_000_000
"""2026-03-11 00:00 UTC, when the lines of the tests were received."""

CONTEXT = Context(RECEIVED)


def made_up(name: str, text: str) -> Format:
    """Return a format whose file says `text`."""
    spec = tomllib.loads(text)
    return Format(name, name, "made up", "none", spec["tokenizer"], spec, "")


def one_pattern(pattern: str, *required: str, header: str = "none") -> Format:
    """Return a `dissect` format of one pattern."""
    text = (
        f"tokenizer = 'dissect'\nheader = '{header}'\nrequired = {list(required)}\n[[pattern]]\nline = '''{pattern}'''"
    )
    return made_up(f"pattern {pattern}", text)


def both(fmt: Format, line: bytes, context: Context = CONTEXT) -> Reading:
    """Return what kernel and reference make of a line, which must be the same."""
    return all_alike(fmt, [line], context)[0]


def all_alike(fmt: Format, lines: Sequence[bytes], context: Context = CONTEXT) -> list[Reading]:
    """Return what kernel and reference make of lines, which must be the same for each."""
    known = {line: read(fmt, line, context) for line in dict.fromkeys(lines)}
    plain = [known[line] for line in lines]
    for line, fast, slow in zip(lines, read_lines(fmt, lines, context, plain=plain), plain, strict=True):
        assert fast == slow, f"{fmt.name}: {line!r}"
    return plain


QUOTED_KEYS = made_up(
    "quoted keys",
    """
tokenizer = "kv"
header = "syslog"
separators = " "
equals = "="
quote = '"'
prefix_bytes = 20
required = ["src_ip", "dst_ip"]
[key]
srcip = "src_ip"
dstip = "dst_ip"
source = "src_ip:ip_port"
srcport = "src_port"
dstport = "dst_port"
proto = "proto"
action = "action"
eventtime = "ts:epoch"
stamp = "ts:iso"
flags = "tcp_flags:hex"
user = "username"
url = "url"
msg = "_"
sentbyte = "bytes"
rcvdpkt = "packets"
[enum.action]
accept = "allow"
blocked = "deny"
[enum.proto]
T-C-P = "tcp"
[default]
count = 1
""",
)
"""Keys with quoted values, as many firewalls write them."""

STRUCTURED = made_up(
    "structured data",
    """
tokenizer = "kv"
header = "syslog-data"
separators = " ]"
prefix_bytes = 20
equals = "="
quote = '"'
required = ["src_ip"]
[key]
source-address = "src_ip"
destination-address = "dst_ip"
destination-port = "dst_port"
protocol-id = "proto"
username = "username"
""",
)
"""RFC 5424 structured data, which stays in the message."""

DISPATCHED = made_up(
    "dispatched",
    """
tokenizer = "dissect"
header = "syslog"
required = ["action"]
nil = "-"
[dispatch]
find = ["%DEV-", "%OLD-"]
then = ":(? - -)(?{ })"
number = "signature_id"
[enum.service]
domain = 53
[[pattern]]
id = [106001]
line = "Inbound {proto} from {src_ip:name}/{src_port:service} to {dst_ip}/{dst_port}(? flags {tcp_flags:words} on) interface"
set = { action = "deny" }
[[pattern]]
id = [106001, 106002]
line = "{proto} {src_ip:ip_port}{ }-> {dst_ip:ip_port}(? \\"{user_agent}\\")(? ({username}))"
set = { action = "alert" }
[[pattern]]
id = [302013]
line = "{username} [{ts:rfc3164}] \\"{url:request}\\" {tcp_flags:hex} {bytes}"
set = { action = "allow" }
[[pattern]]
id = [302013]
line = "{signature} (?at {ts:iso} by {sensor} or ){http_status} {message}"
set = { action = "deny" }
[[pattern]]
id = [302013, 302014]
line = "{ts:epoch} {count} {src_ip:list} {=w}{http_host:word}:{dst_port} {username}/{bytes} {packets}"
set = { action = "deny", proto = "tcp" }
[[pattern]]
id = [302013]
line = "{message}"
set = { action = "deny" }
""",
)
"""Patterns by message number, with every kind of step."""

SMALL_FORMATS = (QUOTED_KEYS, STRUCTURED, DISPATCHED)

SMALL_SAMPLES = {
    "quoted keys": [
        (
            b'Mar 10 00:00:02 fw1 srcip=192.0.2.1 srcport=1024 dstip=198.51.100.2 dstport=22 proto=6 action="blocked" user="a \\" b" '
            b'eventtime=1773100802000000001 flags=0x12 msg="srcip=8.8.8.8 dstip=9.9.9.9" url="/x?a=b c" sentbyte=9223372036854775807'
        ),
        b'<134>stamp="2026-03-10 00:00:02.5 +0100" source=[no] source="192.0.2.1:99" dstip="2001:db8::1" action=accept proto=t-c-p rcvdpkt=1',
        b"stamp=2026-03-10 00:00:02 srcip=192.0.2.1 srcip=8.8.8.8 dstip=198.51.100.1 proto=icmp srcport=1 dstport=2 flags=2",
    ],
    "structured data": [
        (
            b'<14>1 2026-03-10T00:00:02.5-05:00 srx1 RT_FLOW - RT_FLOW_SESSION_DENY [junos@2636.1.1.1.2.129 source-address="192.0.2.1" '
            b'destination-address="198.51.100.1" destination-port="22" protocol-id="6" username="x\\" source-address=\\"8.8.8.8"]'
        ),
        b'<14>1 - - - - - [a source-address="192.0.2.1"][b destination-address="2001:db8::2"]',
    ],
    "dispatched": [
        b"Mar 10 2026 00:00:02: %DEV-2-106001: Inbound TCP from 192.0.2.1/domain to 198.51.100.1/22 flags SYN ACK on interface outside",
        b'<166>Mar 10 2026 00:00:02 fw1 : %DEV-2-106001: udp 192.0.2.1:53   -> 198.51.100.1 "a \\" b" (bob)',
        b"%OLD-6-106002: - - 17 2001:db8::1 -> 198.51.100.1:99999 (x)",
        b'1: local7 %DEV-session-6-302013: a [b [Mar 10 00:00:02] " [Mar 10 00:00:02] "GET /x HTTP/1.1" 0x2 -',
        b"Mar 10 00:00:02 CET fw1 app: %DEV-6-302013: x at 2026/03/10_00:00:02Z by me or 404 some words\r",
        b"Mar 10 00:00:02 fw1 app: %DEV-6-302013: x at 2026-03-10 00:00:05 by me 404 some words",
        b"Mar 10 00:00:02 fw1 app: %DEV-6-302013: 1773100802.5 1 x",
        b"Mar 10 00:00:02 fw1 app: %DEV-6-302014: 1773100802.5 - 203.0.113.9, 198.51.100.3, 10.0.0.1 www.example.com:443 a/b/1 2",
    ],
}
"""Lines of the small formats (some of them refused on purpose), which the mutations begin with."""
