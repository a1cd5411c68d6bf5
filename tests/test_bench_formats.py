"""The lines by which formats are measured are lines of these formats, or the figures mean nothing."""

from __future__ import annotations

import sys

import pytest

from conftest import ROOT

sys.path.insert(0, str(ROOT))

from bench.formats import DISTINCT, lines_of, measure

from vedette.formats import by_name


@pytest.mark.parametrize("name", ["netfilter", "combined", "panos", "zeek_conn", "windows_filtering_xml"])
def test_every_line_that_is_measured_is_taken(name: str) -> None:
    speed = measure(by_name(name), lines=1, passes=1)

    assert speed.taken == speed.lines >= DISTINCT
    assert len(set(lines_of(by_name(name)))) > 200
