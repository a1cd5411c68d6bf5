"""What is generated is what the sources say now."""

from __future__ import annotations

import sys

from conftest import ROOT

sys.path.insert(0, str(ROOT))

from docs import build

from vedette.formats import load


def test_the_page_of_formats_is_not_stale() -> None:
    assert build.PAGE.read_text("utf-8") == build.page(), "make docs"


def test_the_page_has_a_section_for_every_format_and_no_control_character() -> None:
    text = build.page()

    assert [name for name in (fmt.name for fmt in load()) if f"\n## {name}\n" not in text] == []
    assert {character for character in text if not character.isprintable()} <= {"\n"}
