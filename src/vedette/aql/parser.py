"""Tokens to a sqlglot tree, by recursive descent.

The parser is our own and builds plain sqlglot nodes, so it also works beside sqlglot's compiled extension, whose parser
cannot be subclassed. What SQL has no node for stands in further arguments of the Select: `time`, `into`, `session`,
`parameters`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlglot import exp

from vedette.aql.errors import did_you_mean
from vedette.aql.expressions import Expressions, own
from vedette.aql.words import CLAUSES, FOREIGN, FOREIGN_CALLS, LAST_UNITS, OPENERS, RESERVED, SHOWN, UNITS

T = TypeVar("T")


def parse(text: str) -> exp.Expression:
    """Parse one AQL query to a sqlglot Select. Raise AQLError with the place and what was expected."""
    parser = Parser(text)
    query = parser.query()
    if parser.accept_operator(";") is None and parser.token.kind != "end":
        raise parser.unexpected("the end of the query")
    parser.expect_end()
    return query


class Parser(Expressions):
    """Parse the clauses of a query; expressions are the base class's."""

    foreign_calls = FOREIGN_CALLS

    def query(self) -> exp.Select:
        """Parse SELECT ... up to what cannot be part of it."""
        self.expect_word("SELECT")
        if self.token.upper == "DISTINCT":
            raise self.error(FOREIGN["DISTINCT"])
        items = self.separated(self.item)
        self.expect_word("FROM")
        query = exp.Select(expressions=items)
        query.set("from_", exp.From(this=self.source()))
        while self.accept_operator(","):
            query.append("joins", exp.Join(this=self.source()))
        self.clauses(query)
        return query

    def clauses(self, query: exp.Select) -> None:
        """Parse the clauses after FROM, each at most once and in their order."""
        before = -1
        while clause := OPENERS.get(self.token.upper):
            rank = CLAUSES.index(clause)
            late = clause == "LIMIT" and CLAUSES[before] == "time" and not query.args.get("limit")
            if rank <= before and not late:
                told = SHOWN.get(clause, clause)
                other = SHOWN.get(CLAUSES[before], CLAUSES[before])
                second = f"a query has one {told.removeprefix('the ')}"
                raise self.error(second if rank == before else f"{told} stands before {other}", told)
            before = max(before, rank)
            getattr(self, f"clause_{clause.lower()}")(query)
            if late:
                query.meta["limit_after_time"] = True
        if query.args.get("having") and not query.args.get("group"):
            raise self.error("HAVING needs a GROUP BY")
        if self.token.upper in FOREIGN:
            raise self.error(FOREIGN[self.token.upper])

    def item(self) -> exp.Expression:
        """Parse one item of the SELECT list with its alias."""
        if self.accept_operator("*"):
            return exp.Star()
        value = self.expression()
        spoken = self.accept_word("AS")
        token = self.token
        if token.kind in ("name", "string") or (token.kind == "word" and (spoken or token.upper not in RESERVED)):
            self.advance()
            if not token.value:
                raise self.error_at(token, "an alias cannot be empty")
            plain = token.kind == "word" and token.upper not in RESERVED and "::" not in token.value
            alias = exp.Identifier(this=token.value, quoted=not plain)
            return self.placed(exp.Alias(this=value, alias=alias), token)
        if spoken:
            raise self.unexpected("an alias")
        return value

    def source(self) -> exp.Expression:
        """Parse what stands in FROM: a database, a saved search, or a query in parentheses."""
        token = self.token
        if self.accept_operator("("):
            subquery = exp.Subquery(this=self.nested(self.query))
            self.expect_operator(")")
            if self.accept_word("AS") or (self.token.kind == "word" and self.token.upper not in RESERVED):
                alias = self.advance()
                subquery.set("alias", exp.TableAlias(this=exp.Identifier(this=alias.value, quoted=False)))
            return self.placed(subquery, token)
        if token.kind not in ("word", "name") or token.upper in RESERVED:
            raise self.unexpected("a database (events or flows), GLOBALVIEW or a query in parentheses")
        self.advance()
        if token.upper == "GLOBALVIEW":
            arguments = self.arguments()
            return self.placed(exp.Table(this=exp.Anonymous(this=token.value, expressions=arguments)), token)
        return self.placed(exp.Table(this=exp.Identifier(this=token.value, quoted=token.kind == "name")), token)

    def clause_into(self, query: exp.Select) -> None:
        """Parse INTO: the name of the result set on the console."""
        self.advance()
        query.set("into", exp.Into(this=exp.Table(this=exp.Identifier(this=self.name("a name"), quoted=False))))

    def clause_where(self, query: exp.Select) -> None:
        """Parse WHERE."""
        self.advance()
        query.set("where", exp.Where(this=self.expression()))
        self.one_text_search(query)

    def one_text_search(self, query: exp.Select) -> None:
        """Refuse TEXT SEARCH where it is not an operand of the outermost ANDs, and a second one."""
        found = [node for node in own(query.args["where"], exp.Anonymous) if node.name == "TEXT SEARCH"]
        if len(found) > 1:
            raise self.error_of(found[1], "TEXT SEARCH stands once in a query")
        if found:
            parent = found[0].parent
            while isinstance(parent, exp.And | exp.Paren):
                parent = parent.parent
            if not isinstance(parent, exp.Where):
                raise self.error_of(found[0], "TEXT SEARCH can be joined to other tests by AND only")

    def clause_group(self, query: exp.Select) -> None:
        """Parse GROUP BY."""
        self.advance()
        self.expect_word("BY")
        query.set("group", exp.Group(expressions=self.separated(self.expression)))

    def clause_having(self, query: exp.Select) -> None:
        """Parse HAVING."""
        self.advance()
        query.set("having", exp.Having(this=self.expression()))

    def clause_order(self, query: exp.Select) -> None:
        """Parse ORDER BY."""
        self.advance()
        self.expect_word("BY")
        query.set("order", exp.Order(expressions=self.separated(self.ordered)))

    def ordered(self) -> exp.Expression:
        """Parse one key of ORDER BY with its direction and collation."""
        key = self.expression()
        desc = self.token.upper == "DESC"
        if self.token.upper in ("ASC", "DESC"):
            self.advance()
        if self.accept_word("COLLATE"):
            if self.token.kind != "string":
                raise self.unexpected("a language tag, for example 'de-DE'")
            key = exp.Collate(this=key, expression=exp.Literal.string(self.advance().value))
        return exp.Ordered(this=key, desc=desc)

    def clause_limit(self, query: exp.Select) -> None:
        """Parse LIMIT."""
        self.advance()
        query.set("limit", exp.Limit(expression=self.whole_number()))

    def clause_time(self, query: exp.Select) -> None:
        """Parse LAST n UNIT, or START a [STOP b]."""
        token = self.advance()
        if token.upper == "LAST":
            values: list[exp.Expression] = [self.whole_number(), self.unit()]
        elif token.upper == "START":
            values = [self.moment()]
            if self.accept_word("STOP"):
                values.append(self.moment())
        else:
            raise self.error_at(token, "STOP needs a START before it", "START")
        query.set("time", self.placed(exp.Anonymous(this=token.upper, expressions=values), token))

    def unit(self, *known: str) -> exp.Expression:
        """Parse a unit of time of those *known* (default: what LAST takes), singular or plural, in any case."""
        known = known or LAST_UNITS
        word = self.token.upper.removesuffix("S")
        if word not in known:
            plurals = [f"{unit}S" for unit in known]
            hint = did_you_mean(self.token.value, plurals)
            raise self.unexpected(f"{', '.join(plurals[:-1])} or {plurals[-1]}", hint)
        self.advance()
        return exp.Var(this=f"{word}S")

    def moment(self) -> exp.Expression:
        """Parse a time of START or STOP: a string, milliseconds since 1970, or PARSEDATETIME(...)."""
        token = self.token
        if token.kind == "string":
            return self.placed(exp.Literal.string(self.advance().value), token)
        if token.kind == "number":
            return self.whole_number()
        if token.upper == "PARSEDATETIME":
            return self.prefix()
        raise self.unexpected("a time in single quotes, or milliseconds since 1970")

    def whole_number(self) -> exp.Expression:
        """Parse digits."""
        if self.token.kind != "number" or not self.token.value.isdigit() or len(self.token.value) > 18:
            raise self.unexpected("a whole number")
        token = self.advance()
        return self.placed(exp.Literal.number(token.value), token)

    def clause_session(self, query: exp.Select) -> None:
        """Parse SESSION BY time keys BEGIN test END test TIMEOUT milliseconds TIMEWINDOW n unit."""
        token = self.advance()
        self.expect_word("BY")
        keys = [self.expression()]
        while self.accept_operator(",") or self.token.upper not in ("BEGIN", "EXPLICIT"):
            keys.append(self.expression())
        parts = [exp.Anonymous(this="KEYS", expressions=keys)]
        for word, needed in (("BEGIN", True), ("END", False)):
            explicit = self.accept_word("EXPLICIT")
            if not (explicit or needed or self.token.upper == word):
                continue
            self.expect_word(word)
            name = f"EXPLICIT {word}" if explicit else word
            parts.append(exp.Anonymous(this=name, expressions=[self.expression()]))
        if self.accept_word("TIMEOUT"):
            parts.append(exp.Anonymous(this="TIMEOUT", expressions=[self.whole_number()]))
        if self.accept_word("TIMEWINDOW"):
            parts.append(exp.Anonymous(this="TIMEWINDOW", expressions=[self.whole_number(), self.unit(*UNITS)]))
        query.set("session", self.placed(exp.Anonymous(this="SESSION", expressions=parts), token))

    def clause_parameters(self, query: exp.Select) -> None:
        """Parse PARAMETERS key = value, ...; they concern the console and change no row."""
        self.advance()
        query.set("parameters", self.separated(self.parameter))

    def parameter(self) -> exp.Expression:
        """Parse one key = value."""
        key = exp.Identifier(this=self.name("the name of a parameter"), quoted=False)
        self.expect_operator("=")
        return exp.EQ(this=exp.Column(this=key), expression=self.prefix())

    def separated(self, part: Callable[[], T]) -> list[T]:
        """Parse parts with commas between them."""
        parts = [part()]
        while self.accept_operator(","):
            parts.append(part())
        return parts
