"""How each program is run on a log, and how its verdicts are read back."""

from __future__ import annotations

import ipaddress
import json
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.measure import ROOT, Run, words

Sources = set[str]


class Unavailable(Exception):
    """Why a program cannot be measured here."""


@dataclass(frozen=True)
class Rival:
    """One row: `prepare` takes a working folder and a log and returns the command, `found` reads the sources it named.

    `slow` rivals run on the first lines of the log only, and once. `found` is None where the
    program gives no verdict on a source.
    """

    name: str
    prepare: Callable[[Path, Path], list[str]]
    found: Callable[[Run], Sources] | None = None
    slow: bool = False


def scanner_key(address: str) -> str:
    """Return `address` as the truth writes scanners: IPv4 as it is, IPv6 as its /64. Raises ValueError."""
    network = ipaddress.ip_network(address, strict=False)
    if network.version == 4:
        return str(network.network_address) if network.prefixlen == 32 else str(network)
    return str(network if network.prefixlen <= 64 else network.supernet(new_prefix=64))


def _installed(program: str) -> str:
    path = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
    if path is None:
        raise Unavailable(f"{program} is not installed")
    return path


def vedette(command: str) -> Rival:
    """Return the row of `command`, which may be several words ("python -m vedette")."""

    def prepare(folder: Path, log: Path) -> list[str]:
        program, *rest = words(command)
        return [_installed(program), *rest, "scan", str(log), "-o", "json"]

    def found(run: Run) -> Sources:
        try:
            report = json.loads(run.output.read_text())
        except ValueError as error:
            raise Unavailable(f"no report: {run.complaint}") from error
        return {scanner_key(source) for offense in report["offenses"] for source in offense["sources"]}

    return Rival("vedette scan", prepare, found)


def _plain(what: str) -> Callable[[Path, Path], list[str]]:
    return lambda _, log: [sys.executable, "-m", "bench.plain", what, str(log)]


def _naive_found(run: Run) -> Sources:
    return {scanner_key(source) for source in run.output.read_text().split() if source}


FAILREGEX = r"^\s*\S+ (?:kernel: )?(?:\[[\d.]+\] )?\[UFW BLOCK\]\s+IN=\S* OUT=\S* (?:MAC=\S* )?SRC=<ADDR> DST="


def _fail2ban(folder: Path, log: Path) -> list[str]:
    return [_installed("fail2ban-regex"), "--print-no-missed", "--print-no-ignored", str(log), FAILREGEX]


PSAD_SETTINGS = {
    "PSAD_DIR": "{folder}/log", "PSAD_RUN_DIR": "{folder}/run", "PSAD_FIFO_DIR": "{folder}/lib", "HOSTNAME": "bench",
    "FW_SEARCH_ALL": "N", "FW_MSG_SEARCH": "BLOCK", "ALERTING_METHODS": "noemail,nosyslog",
    "ENABLE_WHOIS_LOOKUPS": "N", "ENABLE_DNS_LOOKUPS": "N", "ENABLE_AUTO_IDS": "N",
}  # fmt: skip
"""What differs from the packaged psad.conf: its folders, refused packets only, and no way out to mail, DNS or rules."""


def psad_command(folder: Path, log: Path) -> list[str]:
    """Return the command that analyses `log` with the packaged psad.conf, its folders below `folder`. Raises Unavailable."""
    program, packaged = _installed("psad"), Path("/etc/psad/psad.conf")
    try:
        text = packaged.read_text()
    except OSError as error:
        raise Unavailable(f"psad's configuration cannot be read: {error}") from error
    for name, value in PSAD_SETTINGS.items():
        text = re.sub(rf"(?m)^{name}\s.*$", f"{name} {value.format(folder=folder)};", text)
    (folder / "psad.conf").write_text(text)
    for name in ("log", "run", "lib"):
        (folder / name).mkdir(exist_ok=True)
    return [program, "-A", "-m", str(log), "-c", str(folder / "psad.conf")]


def _psad_found(run: Run) -> Sources:
    """Return the sources that psad gave a danger level of 1 or more."""
    text = run.output.read_text(errors="replace")
    return {scanner_key(source) for source in re.findall(r"(?m)^SRC:\s+(\S+), DL: [1-5],", text)}


HUBS = ("/usr/share/crowdsec/hub", "/var/lib/crowdsec/hub", "/etc/crowdsec/hub")
DATA = Path("/var/lib/crowdsec/data")
HubItem = tuple[str, str]
HUB_ITEMS: tuple[HubItem, ...] = (
    ("parsers/s00-raw", "crowdsecurity/syslog-logs"), ("parsers/s01-parse", "crowdsecurity/iptables-logs"),
    ("parsers/s02-enrich", "crowdsecurity/dateparse-enrich"), ("scenarios", "crowdsecurity/iptables-scan-multi_ports"),
)  # fmt: skip
WEB_PARSERS: tuple[HubItem, ...] = (
    ("parsers/s00-raw", "crowdsecurity/syslog-logs"), ("parsers/s01-parse", "crowdsecurity/nginx-logs"),
    ("parsers/s02-enrich", "crowdsecurity/dateparse-enrich"), ("parsers/s02-enrich", "crowdsecurity/http-logs"),
)  # fmt: skip
WEB_COLLECTIONS = ("crowdsecurity/base-http-scenarios", "crowdsecurity/http-cve")


def hub_folder() -> Path:
    """Return where crowdsec's hub lies. Raises Unavailable."""
    hub = next((Path(hub) for hub in HUBS if _item(Path(hub), *HUB_ITEMS[1]).exists()), None)
    if hub is None:
        raise Unavailable("crowdsec has no hub with iptables-logs.yaml (cscli hub update)")
    return hub


def web_items() -> tuple[HubItem, ...]:
    """Return the hub's parsers of web logs and the scenarios of `WEB_COLLECTIONS` that are on disk. Raises Unavailable."""
    hub, names = hub_folder(), []
    for collection in WEB_COLLECTIONS:
        path = _item(hub, "collections", collection)
        if not path.exists():
            raise Unavailable(f"crowdsec's hub has no {collection}")
        scenarios = re.search(r"(?m)^scenarios:\n((?:\s+- \S+\n)+)", path.read_text())
        names += re.findall(r"- (\S+)", scenarios[1]) if scenarios else []
    return (*WEB_PARSERS, *(("scenarios", name) for name in names if _item(hub, "scenarios", name).exists()))


def _crowdsec(folder: Path, log: Path) -> list[str]:
    return crowdsec_command(folder, log, HUB_ITEMS, "syslog")


def crowdsec_command(folder: Path, log: Path, items: Iterable[HubItem], kind: str) -> list[str]:
    """Return the command that replays `log` through crowdsec with these items of its hub and a local API on the loopback.

    `kind` is the label of the log ("syslog", "nginx"). Everything written stays below `folder`. Raises Unavailable.
    """
    program, cscli = _installed("crowdsec"), _installed("cscli")
    hub, settings = hub_folder(), folder / "etc"
    if not settings.exists():
        for place, name in items:
            (settings / place).mkdir(parents=True, exist_ok=True)
            shutil.copy(_item(hub, place, name), settings / place)
        shutil.copytree("/etc/crowdsec/patterns", settings / "patterns")
        for name in ("simulation.yaml", "profiles.yaml"):
            shutil.copy(f"/etc/crowdsec/{name}", settings)
        for name in ("acquis.yaml", "login.yaml"):
            (settings / name).touch()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    shutil.rmtree(folder / "data", ignore_errors=True)
    (folder / "data").mkdir()
    _copy_data(settings / "scenarios", folder / "data")
    template = (ROOT / "bench" / "crowdsec.yaml").read_text()
    text = template.replace("FOLDER", str(folder)).replace("HUB", str(hub)).replace("ADDRESS", address)
    configuration = folder / "config.yaml"
    configuration.write_text(text)
    subprocess.run(
        [cscli, "-c", str(configuration), "machines", "add", "bench", "--password", "bench", "--force",
         "--url", f"http://{address}", "-f", str(settings / "login.yaml")],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    return [program, "-c", str(configuration), "-dsn", f"file://{log}", "-type", kind, "-no-capi"]


def _copy_data(scenarios: Path, data: Path) -> None:
    """Copy the word lists of `scenarios` to `data` by the name that they ask for, which need not be that of the list.

    Raises Unavailable where one is not on disk, because crowdsec would go on without it and find less.
    """
    for scenario in scenarios.glob("*.yaml"):
        for url, wanted in re.findall(r"source_url: (\S+)\s+dest_file: (\S+)", scenario.read_text()):
            held = next((DATA / name for name in (wanted, url.rsplit("/", 1)[-1]) if (DATA / name).exists()), None)
            if held is None:
                raise Unavailable(f"crowdsec's word list {wanted} of {scenario.stem} is not on disk")
            shutil.copy(held, data / wanted)


def _item(hub: Path, kind: str, name: str) -> Path:
    return hub / kind / f"{name}.yaml"


def _crowdsec_found(run: Run) -> Sources:
    text = run.output.read_text(errors="replace") + run.errors.read_text(errors="replace")
    return {scanner_key(source) for source in re.findall(r"Ip (\S+) performed 'crowdsecurity/", text)}


YARDSTICKS = (
    Rival("reading the lines (read, count newlines)", _plain("read")),
    Rival("DuckDB counting the lines (read_csv)", _plain("count_lines")),
    Rival("DuckDB regexp_extract, count by source", _plain("count_by_source")),
    Rival("DuckDB regexp_extract, 10 contacts an hour", _plain("naive_detector"), _naive_found),
)
PEERS = (
    Rival("fail2ban-regex", _fail2ban, None, slow=True),
    Rival("psad -A", psad_command, _psad_found, slow=True),
    Rival("crowdsec -dsn", _crowdsec, _crowdsec_found, slow=True),
)
