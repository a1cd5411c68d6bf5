"""The language as such: any query that can be built is read back as it was, and no text makes the parser fail otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from vedette import aql
from vedette.aql.lexer import MAX_TEXT

FIELDS = ("sourceip", "destinationport", "username", "qid")
NUMERIC = st.integers(0, 2**40).map(str)
STRINGS = st.text(max_size=8).map(lambda text: "'" + text.replace("'", "''") + "'")
NAMES = st.one_of(
    st.sampled_from(FIELDS), st.text(min_size=1, max_size=6).map(lambda t: '"' + t.replace('"', '""') + '"')
)
VALUES = st.recursive(
    st.one_of(NUMERIC, STRINGS, NAMES, st.just("NULL")),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/%^&|"), inner).map(" ".join),
        inner.map("({})".format),
        inner.map("-{}".format).filter(lambda text: not text.startswith("--")),
        st.tuples(st.sampled_from(("LOWER", "STR", "GEO::LOOKUP", "Nobody")), st.lists(inner, max_size=3)).map(
            lambda call: f"{call[0]}({', '.join(call[1])})"
        ),
        st.tuples(inner, inner, inner).map(lambda t: f"(IF {t[0]} = {t[1]} THEN {t[1]} ELSE {t[2]})"),
        st.tuples(inner, inner).map(lambda t: f"CASE WHEN {t[0]} > 1 THEN {t[1]} END"),
    ),
    max_leaves=6,
)
TESTS = st.recursive(
    st.one_of(
        st.tuples(VALUES, st.sampled_from(("=", "!=", "<", ">=", "LIKE", "NOT ILIKE", "MATCHES")), VALUES).map(
            " ".join
        ),
        st.tuples(VALUES, st.lists(VALUES, min_size=1, max_size=3)).map(lambda t: f"{t[0]} NOT IN ({', '.join(t[1])})"),
        VALUES.map("{} IS NOT NULL".format),
        st.tuples(VALUES, VALUES, VALUES).map("{0[0]} BETWEEN {0[1]} AND {0[2]}".format),
    ),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(("AND", "OR")), inner).map(" ".join),
        inner.map("NOT ({})".format),
    ),
    max_leaves=5,
)
QUERIES = st.builds(
    lambda items, where, tail: f"SELECT {', '.join(items)} FROM events WHERE {where} {tail}",
    st.lists(
        st.tuples(VALUES, st.sampled_from(("", " AS a", " 'b c'", ' AS "d"'))).map("".join), min_size=1, max_size=3
    ),
    TESTS,
    st.sampled_from(("", "LAST 3 hours", "GROUP BY qid ORDER BY 'b c' DESC LIMIT 3 START 12 STOP '2026-03-10 10:00'")),
)


@given(QUERIES)
def test_a_query_written_as_aql_again_is_the_same_query(text: str) -> None:
    tree = aql.parse(text)

    assert aql.parse(aql.generate(tree)) == tree


@given(st.text(alphabet="SELECTFROMevents*(),'\"=<>!+-/%^&|01 .;:\n\t\\$[]{}`é\x00", max_size=60))
def test_any_text_is_a_query_or_an_aql_error(text: str) -> None:
    for query in (text, f"SELECT {text} FROM events", f"SELECT a FROM events WHERE {text}"):
        assert (error := refusal(query)) is None or (error.line, error.column) >= (1, 1)


def refusal(query: str) -> aql.AQLError | None:
    """Return why a query is refused, None if it is not; every other exception is a defect."""
    try:
        aql.transpile(query)
        aql.transpile(query, "spark")
    except aql.AQLError as error:
        return error
    return None


HOSTILE = {
    "a million parentheses": "SELECT " + "(" * 1_000_000,
    "as many parentheses as a query may have signs": "SELECT " + "(" * (MAX_TEXT - 10),
    "a string of a megabyte": "SELECT '" + "a" * (1 << 20) + "' FROM events",
    "a string without end": "SELECT '" + "a'' " * 10_000,
    "a comment without end": "SELECT 1 /*" + "*" * 100_000,
    "signs without end": "SELECT " + "- " * 10_000 + "1 FROM events",
    "NOT without end": "SELECT 1 FROM events WHERE " + "NOT " * 10_000 + "hasoffense",
    "sums without end": "SELECT " + "+".join("1" * 10_000) + " FROM events",
    "powers without end": "SELECT " + "^".join("2" * 10_000) + " FROM events",
    "cases in cases": "SELECT " + "CASE WHEN " * 10_000,
    "functions in functions": "SELECT " + "LOWER(" * 10_000 + "username" + ")" * 10_000 + " FROM events",
    "queries in queries": "SELECT a FROM (" * 5_000,
    "aliases that double each other": "SELECT sourceport AS a0, "
    + ", ".join(f"a{i} + a{i} AS a{i + 1}" for i in range(40))
    + " FROM events",
    "aliases in a circle": "SELECT b1 + 1 AS a1, a1 + 1 AS b1 FROM events",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_query_ends_in_an_aql_error(text: str) -> None:
    with pytest.raises(aql.AQLError):
        aql.transpile(text, fields={})


def test_a_list_of_thousands_of_values_is_read() -> None:
    listed = ", ".join(f"'198.51.100.{i % 256}'" for i in range(5_000))

    text = aql.transpile(f"SELECT username FROM events WHERE sourceip IN ({listed}) LAST 1 HOURS")

    assert text.count("281470") + text.count("281473") + text.count("281474") >= 5_000


def test_a_thousand_alternatives_are_read() -> None:
    tests = " OR ".join(f"username = 'u{i}'" for i in range(1_000))

    assert aql.transpile(f"SELECT username FROM events WHERE {tests} LAST 1 HOURS").count(" OR ") == 999


def test_an_error_has_line_column_text_and_expectation() -> None:
    with pytest.raises(aql.AQLError) as caught:
        aql.parse("SELECT sourceip\nFROM events\nLAST 5 FORTNIGHTS")

    error = caught.value
    assert (error.line, error.column, error.found, error.expected) == (3, 8, "FORTNIGHTS", "MINUTES, HOURS or DAYS")
    assert error.caret() == "LAST 5 FORTNIGHTS\n       ^^^^^^^^^^"


def test_a_near_unit_is_suggested() -> None:
    with pytest.raises(aql.AQLError, match=r"did you mean HOURS\?"):
        aql.parse("SELECT sourceip FROM events LAST 5 HUORS")


@pytest.mark.parametrize("sign", ["\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT SINGLE QUOTATION MARK}", "`", "["])
def test_a_foreign_quote_is_named_with_the_right_one(sign: str) -> None:
    with pytest.raises(aql.AQLError, match="stands between"):
        aql.parse(f"SELECT {sign}a FROM events")


@pytest.mark.parametrize(
    "name", ["read_csv", "read_parquet", "getenv", "pg_sleep", "repeat", "glob", "query", "java_method"]
)
def test_functions_of_an_engine_are_unknown(name: str) -> None:
    with pytest.raises(aql.AQLError, match=f"there is no function {name}"):
        aql.transpile(f"SELECT {name}('x') FROM events")


@pytest.mark.parametrize("name", ["stored", "logsources", "information_schema", "sqlite_master"])
def test_tables_of_an_engine_are_unknown(name: str) -> None:
    with pytest.raises(aql.AQLError, match="there is no database"):
        aql.transpile(f"SELECT * FROM {name}")


@pytest.mark.parametrize("field", ["ts", "record", "sourceip_hi", "rowid"])
def test_columns_that_are_no_fields_of_aql_are_unknown_once_the_fields_are_known(field: str) -> None:
    with pytest.raises(aql.AQLError, match="does not exist"):
        aql.transpile(f"SELECT {field} FROM events", fields={})


def test_text_of_a_query_reaches_the_engine_as_one_literal() -> None:
    import duckdb  # the one place that asks the engine's own parser

    text = aql.transpile("SELECT 'a''; DROP TABLE stored; --' AS \"x\"\"; DROP\" FROM events LAST 1 HOURS")

    assert len(duckdb.extract_statements(text)) == 1


def test_without_known_fields_every_name_is_taken_as_a_console_may_have_it() -> None:
    assert 'e."Process CommandLine"' in aql.transpile('SELECT "Process CommandLine" FROM events LAST 1 HOURS')


def test_an_unknown_engine_is_an_error() -> None:
    with pytest.raises(ValueError, match="no engine"):
        aql.transpile("SELECT * FROM events", to="oracle")


def test_the_tree_is_one_of_sqlglot() -> None:
    tree = aql.parse("SELECT COUNT(*) AS n FROM events WHERE qid = 5 LAST 1 HOURS")

    assert isinstance(tree, exp.Select)
    assert tree.find(exp.EQ) is not None
    assert tree.args["time"].name == "LAST"


def test_sqlglot_reads_and_writes_it_as_a_dialect() -> None:
    import sqlglot

    import vedette.aql.dialect  # noqa: F401 - an installed package is found by its entry point

    text = "SELECT sourceip FROM events WHERE username NOT IN ('a') LAST 5 MINUTES"

    assert sqlglot.parse_one(text, read="aql").sql("aql") == text


def test_nothing_of_it_inherits_from_what_sqlglot_compiles() -> None:
    import sqlglot.generator
    import sqlglot.parser
    import sqlglot.tokens

    compiled: tuple[type[Any], ...] = (sqlglot.parser.Parser, sqlglot.generator.Generator, sqlglot.tokens.Tokenizer)
    from vedette.aql import dialect, lower, parser

    own = [kind for module in (dialect, lower, parser) for kind in vars(module).values() if isinstance(kind, type)]

    assert [kind for kind in own if kind.__module__.startswith("vedette") and issubclass(kind, compiled)] == []
