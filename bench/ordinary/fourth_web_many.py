"""Scans of the web site that many addresses share: of clouds, rented networks, homes, exits, and IPv6."""

from __future__ import annotations

import ipaddress

from bench.access import BROWSERS
from bench.ordinary.actors import DAY, Case, Machine
from bench.ordinary.fourth_web_answers import web_scan
from bench.ordinary.fourth_web_disguised import words
from bench.ordinary.fourth_web_weaknesses import DEVICES, TEMPLATES, ask, mixed, moments
from bench.ordinary.fourth_web_words import COMMON
from bench.ordinary.network import ARTICLES, SITES
from bench.ordinary.offices import browse
from bench.ordinary.third_groups import cloud

SITE = "https://www.example.org"


def sixes(case: Case, bits: int, count: int) -> list[Machine]:
    """Return machines with addresses out of one IPv6 network of `bits` bits, at random places."""
    prefix = case.net.prefix6(case.rng, bits)
    return [
        case.machine("linux", str(ipaddress.IPv6Address(prefix | case.rng.getrandbits(128 - bits))))
        for _ in range(count)
    ]


@web_scan("words-below-application", "T1595.003")
def words_below_application(case: Case) -> None:
    """Share a list among twenty addresses below the application, where every answer is 200 and of one length, for half a day."""
    ask(case, case.machines(20, "linux"), [f"/app{word}" for word in words(case, 160)], 240)


@web_scan("words-over-a-64", "T1595.003")
def words_over_a_64(case: Case) -> None:
    """Walk a list with another address of one IPv6 /64 for each word."""
    ask(case, sixes(case, 64, 140), words(case, 140), 12, agent=case.rng.choice(BROWSERS))


@web_scan("weaknesses-over-a-48", "T1595.002")
def weaknesses_over_a_48(case: Case) -> None:
    """Try weaknesses from thirty /64s of one IPv6 /48, three from each, with pauses of minutes."""
    ask(case, sixes(case, 48, 30), case.rng.sample((*TEMPLATES, *DEVICES), 60) + case.rng.sample(TEMPLATES, 30), 150)


@web_scan("words-of-a-hundred", "T1595.003")
def words_of_a_hundred(case: Case) -> None:
    """Share a list of two hundred words among a hundred addresses of a cloud, two each, in one hour."""
    members = [Machine(case, source, "linux") for source in cloud(case, 100)]
    ask(
        case,
        members,
        mixed(case, [f"/{word}" for word in case.rng.sample(COMMON, 50)], ("", ".zip", "/", ".old")),
        18,
        agent=BROWSERS[9],
    )


@web_scan("a-word-in-six-hours-each", "T1595.003")
def a_word_in_six_hours_each(case: Case) -> None:
    """Walk a list from twelve unrelated machines, each of which takes a word in six hours and reads a page after it."""
    members = case.machines(12)
    for n, (at, word) in enumerate(zip(moments(case, 132, 1_800), words(case, 132), strict=True)):
        member = members[n % 12]
        member.cover = False
        member.get(at, word, referer=f"{SITE}/")
        member.cover = True
        member.get(at + 40, case.rng.choice(ARTICLES))


@web_scan("weakness-an-hour", "T1595.002")
def weakness_an_hour(case: Case) -> None:
    """Try one weakness an hour from the next address of a rented network, on whichever of our sites comes next, for as long as the log lasts."""
    members, tries = (
        [Machine(case, source, "linux") for source in case.net.neighbours(case.rng, 6)],
        case.rng.sample((*TEMPLATES, *DEVICES), 60),
    )
    for n, (at, path) in enumerate(zip(moments(case, 60, 3_600), tries, strict=True)):
        members[n % 6].get(at, path, 404, site=SITES[n % 4])


@web_scan("goes-on-elsewhere", "T1595.003")
def goes_on_elsewhere(case: Case) -> None:
    """Walk one list from a new unrelated address after every fifteen words, hours apart, always with the same browser."""
    listed, agent = words(case, 135), case.rng.choice(BROWSERS)
    for n, begin in enumerate(case.times(9, 0.02, 0.95)):
        ask(case, [case.machine("linux")], listed[15 * n : 15 * n + 15], 11, agent=agent, begin=begin)


@web_scan("words-through-exits", "T1595.003")
def words_through_exits(case: Case) -> None:
    """Walk a list through an onion network: another exit after each ten words, by way of which others read the site on the same day."""
    exits, listed = case.machines(12, "linux"), words(case, 120)
    agent = "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0"
    for n, (at, word) in enumerate(zip(moments(case, 120, 40), listed, strict=True)):
        exits[n // 10].get(at, word, agent=agent)
    for machine in exits:
        machine.cover = True
        for at in case.times(2):
            browse(case, machine, at, 2, agent)


@web_scan("weaknesses-over-three-nights", "T1595.002")
def weaknesses_over_three_nights(case: Case) -> None:
    """Try a list of weaknesses in three parts, a night each, from twenty homes that take one in turn."""
    homes = case.machines(20)
    for night in range(3):
        begin = night * DAY + case.rng.uniform(1, 2) * 3_600
        ask(case, homes, case.rng.sample((*TEMPLATES, *DEVICES), 40), 240, agent=BROWSERS[12], begin=begin)
