"""An offense is of the kinds of its findings, and of those that its pages and addresses together show."""

from __future__ import annotations

import pytest

from test_scoring import offenses

SECRETS = {"src_ip": "198.51.100.9", "http_status": 404, "every": "20s"}
PLUGINS = ["akismet", "woocommerce", "jetpack", "elementor", "wordfence", "duplicator", "mailpoet", "redirection"]
PLUGINS += ["loginizer", "smush", "polylang", "yoast", "classic-editor", "limit-login"]
WEAK = ["/.env", "/.git/config", "/wp-config.php.bak", "/phpinfo.php", "/server-status", "/id_rsa", "/.aws/credentials"]
WEAK += ["/.htpasswd", "/actuator/env", "/.svn/entries", "/web.config", "/docker-compose.yml"]


@pytest.mark.parametrize(
    ("pages", "techniques"),
    [
        pytest.param([f"/v1{path}" for path in WEAK], ["T1595.002"], id="weaknesses of many sorts"),
        pytest.param(
            [f"/wp-content/plugins/{name}/readme.txt" for name in PLUGINS],
            ["T1595.002", "T1595.003"],
            id="one weakness with a list of names in its place",
        ),
    ],
)
def test_a_list_of_names_is_a_word_list_though_each_is_a_weakness(pages: list[str], techniques: list[str]) -> None:
    (offense,) = offenses(SECRETS | {"url": pages})

    assert offense.techniques == techniques
    assert ("web_wordlist" in offense.kinds) == ("T1595.003" in techniques)


@pytest.mark.parametrize(("addresses", "rotates"), [(3, False), (12, True)])
def test_a_scan_that_changes_its_address_within_a_64_is_distributed(addresses: int, rotates: bool) -> None:
    (offense,) = offenses(
        *(
            {
                "src_ip": f"2001:db9::{n % addresses + 1}",
                "dst_ip": "203.0.113.4",
                "dst_port": str(20 + n),
                "start": f"{n}s",
            }
            for n in range(24)
        )
    )

    assert ("distributed" in offense.kinds) == rotates
