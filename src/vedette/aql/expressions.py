"""Expressions by precedence climbing: one function, so that depth costs few frames and has one limit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from sqlglot import exp

from vedette.aql.errors import AQLError
from vedette.aql.lexer import Token, tokens
from vedette.aql.words import FOREIGN, FUNCTIONS_TOO, NAMES_TOO, OPENERS, RESERVED, SHOWN

MAX_DEPTH = 48
"""Expressions inside one another, and operators of one rank in a row. Each level costs sqlglot's generator several
frames of Python's thousand."""

OR, AND, NOT, COMPARISON, BIT_OR, BIT_AND, SUM, PRODUCT, POWER, SIGN = range(1, 11)

BINARY: dict[str, tuple[int, type[exp.Expression]]] = {
    "=": (COMPARISON, exp.EQ),
    "==": (COMPARISON, exp.EQ),
    "!=": (COMPARISON, exp.NEQ),
    "<>": (COMPARISON, exp.NEQ),
    "<": (COMPARISON, exp.LT),
    "<=": (COMPARISON, exp.LTE),
    ">": (COMPARISON, exp.GT),
    ">=": (COMPARISON, exp.GTE),
    "LIKE": (COMPARISON, exp.Like),
    "ILIKE": (COMPARISON, exp.ILike),
    "MATCHES": (COMPARISON, exp.RegexpLike),
    "IMATCHES": (COMPARISON, exp.RegexpILike),
    "|": (BIT_OR, exp.BitwiseOr),
    "&": (BIT_AND, exp.BitwiseAnd),
    "+": (SUM, exp.Add),
    "-": (SUM, exp.Sub),
    "*": (PRODUCT, exp.Mul),
    "/": (PRODUCT, exp.Div),
    "%": (PRODUCT, exp.Mod),
    "^": (POWER, exp.Pow),
}
CONNECTORS: dict[str, tuple[int, type[exp.And | exp.Or]]] = {"OR": (OR, exp.Or), "AND": (AND, exp.And)}
PATTERNS = frozenset(("LIKE", "ILIKE", "MATCHES", "IMATCHES"))
RIGHT_TO_LEFT = frozenset((POWER,))

T = TypeVar("T")


class Expressions:
    """Parse expressions, and carry the token at hand and the errors.

    `foreign_calls` are functions that are refused by name; none are in our own templates of SQL.
    """

    foreign_calls: Mapping[str, str] = {}

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.position = 0
        self.depth = 0
        self.token = self.tokens[0]

    def expression(self, least: int = 0) -> exp.Expression:
        """Parse an expression whose operators bind at least as tightly as *least*."""
        return self.nested(lambda: self._operators(self.prefix(), least))

    def _operators(self, left: exp.Expression, least: int) -> exp.Expression:
        rows: dict[int, int] = {}
        compared = False
        while True:
            sign = self.token.upper or (self.token.value if self.token.kind == "operator" else "")
            if sign in CONNECTORS and CONNECTORS[sign][0] >= least:
                left, compared = self._connected(left, sign), False
                continue
            rank = BINARY[sign][0] if sign in BINARY else COMPARISON if sign in ("NOT", "IN", "BETWEEN", "IS") else 0
            if rank == 0 or rank < least:
                return left
            rows[rank] = rows.get(rank, 0) + 1
            if rows[rank] > MAX_DEPTH:
                raise self.error(f"more than {MAX_DEPTH} operators in a row")
            if rank == COMPARISON and compared:
                raise self.unexpected("AND, OR or the end of the test")
            compared = rank == COMPARISON
            left = self._test(left, sign) if compared else self._binary(left, sign)

    def _connected(self, left: exp.Expression, sign: str) -> exp.Expression:
        rank, kind = CONNECTORS[sign]
        operands = [left]
        while self.accept_word(sign):
            operands.append(self.expression(rank + 1))
        return balanced(kind, operands)

    def _binary(self, left: exp.Expression, sign: str) -> exp.Expression:
        rank, kind = BINARY[sign]
        token = self.advance()
        right = self.expression(rank if rank in RIGHT_TO_LEFT else rank + 1)
        return self.placed(kind(this=left, expression=right), token)

    def _test(self, left: exp.Expression, sign: str) -> exp.Expression:
        if sign == "IS":
            self.advance()
            denied = self.accept_word("NOT")
            token = self.token
            if token.upper not in ("NULL", "TRUE", "FALSE"):
                raise self.unexpected("NULL")
            test: exp.Expression = exp.Is(this=left, expression=self.prefix())
            return exp.Not(this=test) if denied else test
        if sign != "NOT":
            return self._tested(left, sign)
        self.advance()
        sign = self.token.upper
        if sign not in PATTERNS and sign not in ("IN", "BETWEEN"):
            raise self.unexpected("IN, LIKE, ILIKE, MATCHES, IMATCHES or BETWEEN")
        return exp.Not(this=self._tested(left, sign))

    def _tested(self, left: exp.Expression, sign: str) -> exp.Expression:
        if sign == "IN":
            return self._in(left)
        if sign != "BETWEEN":
            return self._binary(left, sign)
        token = self.advance()
        low = self.expression(BIT_OR)
        self.expect_word("AND")
        return self.placed(exp.Between(this=left, low=low, high=self.expression(BIT_OR)), token)

    def _in(self, left: exp.Expression) -> exp.Expression:
        token = self.advance()
        self.expect_operator("(")
        if self.token.upper == "SELECT":
            node = exp.In(this=left, query=exp.Subquery(this=self.nested(self.query)))
        else:
            node = exp.In(this=left, expressions=self._list())
        self.expect_operator(")")
        return self.placed(node, token)

    def _list(self) -> list[exp.Expression]:
        values = [self.expression()]
        while self.accept_operator(","):
            values.append(self.expression())
        return values

    def prefix(self) -> exp.Expression:
        """Parse an operand: a literal, a name, a function, a prefix operator, parentheses, IF or CASE."""
        token = self.token
        if token.kind in LITERALS:
            self.advance()
            return self.placed(LITERALS[token.kind](token), token)
        if token.kind == "operator":
            return self._sign(token)
        if token.kind == "word":
            return self._word(token)
        raise self.unexpected("a value")

    def _sign(self, token: Token) -> exp.Expression:
        if self.accept_operator("("):
            if self.token.upper == "SELECT":
                raise self.error("a sub-query stands in FROM or after IN only")
            inner = self.expression()
            self.expect_operator(")")
            return self.placed(exp.Paren(this=inner), token)
        if self.accept_operator("-"):
            return exp.Neg(this=self.expression(SIGN))
        if self.accept_operator("+"):
            return self.expression(SIGN)
        raise self.unexpected("a value")

    def _word(self, token: Token) -> exp.Expression:
        calls = self.tokens[self.position + 1].value == "(" and self.tokens[self.position + 1].kind == "operator"
        if token.upper in ("NOT", "CASE", "IF", "ALL", "TEXT", "NULL", "TRUE", "FALSE"):
            node = self._keyword(token, calls)
            if node is not None:
                return node
        if token.upper in NAMES_TOO and not calls:
            self.advance()
            return self.placed(exp.Column(this=exp.Identifier(this=token.value, quoted=True)), token)
        if calls and token.upper in self.foreign_calls:
            raise self.error(self.foreign_calls[token.upper])
        if calls and (token.upper not in RESERVED or token.upper in FUNCTIONS_TOO):
            self.advance()
            return self.placed(exp.Anonymous(this=token.value, expressions=self.arguments()), token)
        if token.upper in RESERVED:
            raise self.unexpected("a value")
        self.advance()
        if "::" in token.value:
            raise self.unexpected("'('")
        return self.placed(exp.Column(this=exp.Identifier(this=token.value, quoted=token.upper == "ALL")), token)

    def _keyword(self, token: Token, calls: bool) -> exp.Expression | None:
        word = token.upper
        following = self.tokens[self.position + 1]
        if word in ("NULL", "TRUE", "FALSE"):
            self.advance()
            return exp.Null() if word == "NULL" else exp.Boolean(this=word == "TRUE")
        if word == "NOT":
            return self._not()
        if word == "CASE":
            return self._case()
        if word == "IF":
            return self._if()
        if word == "TEXT" and following.upper == "SEARCH":
            self.advance(), self.advance()
            if self.token.kind != "string":
                raise self.unexpected("the words to search for, in single quotes")
            words = exp.Literal.string(self.advance().value)
            return self.placed(exp.Anonymous(this="TEXT SEARCH", expressions=[words]), token)
        if word == "ALL" and not calls and following.kind in ("word", "name"):
            self.advance()
            return exp.All(this=self.expression(BIT_OR))
        return None

    def _not(self) -> exp.Expression:
        self.advance()
        test = self.expression(NOT)
        bare = isinstance(test, exp.Binary | exp.Between | exp.In | exp.Is)
        return exp.Not(this=exp.Paren(this=test) if bare else test)

    def _case(self) -> exp.Expression:
        token = self.advance()
        operand = None if self.token.upper == "WHEN" else self.expression()
        branches = []
        while self.accept_word("WHEN"):
            when = self.expression()
            self.expect_word("THEN")
            branches.append(exp.If(this=when, true=self.expression()))
        if not branches:
            raise self.unexpected("WHEN")
        other = self.expression() if self.accept_word("ELSE") else None
        self.expect_word("END")
        return self.placed(exp.Case(this=operand, ifs=branches, default=other), token)

    def _if(self) -> exp.Expression:
        token = self.advance()
        test = self.expression()
        self.expect_word("THEN")
        value = self.expression()
        other = self.expression() if self.accept_word("ELSE") else None
        return self.placed(exp.If(this=test, true=value, false=other), token)

    def arguments(self) -> list[exp.Expression]:
        """Parse the arguments of a function, with their parentheses; * stands alone."""
        self.expect_operator("(")
        if self.accept_operator(")"):
            return []
        if self.token.upper == "DISTINCT":
            raise self.error("AQL has no DISTINCT; UNIQUECOUNT(field) counts distinct values", "UNIQUECOUNT")
        if self.accept_operator("*"):
            values: list[exp.Expression] = [exp.Star()]
        else:
            values = self._list()
        self.expect_operator(")")
        return values

    def query(self) -> exp.Select:
        """Parse a query; the parser of clauses knows how."""
        raise NotImplementedError

    def nested(self, part: Callable[[], T]) -> T:
        """Parse one level deeper. Raise AQLError below MAX_DEPTH."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(f"more than {MAX_DEPTH} levels of nesting")
        found = part()
        self.depth -= 1
        return found

    def advance(self) -> Token:
        """Return the token at hand and go on to the next."""
        token = self.token
        if token.kind != "end":
            self.position += 1
            self.token = self.tokens[self.position]
        return token

    def accept_word(self, word: str) -> bool:
        """Go on if *word* is at hand, and tell."""
        found = self.token.upper == word
        if found:
            self.advance()
        return found

    def accept_operator(self, sign: str) -> Token | None:
        """Go on if the operator *sign* is at hand, and return it."""
        return self.advance() if self.token.kind == "operator" and self.token.value == sign else None

    def expect_word(self, word: str) -> None:
        """Go on past *word*. Raise AQLError if something else is at hand."""
        if not self.accept_word(word):
            raise self.unexpected(word)

    def expect_operator(self, sign: str) -> None:
        """Go on past the operator *sign*. Raise AQLError if something else is at hand."""
        if not self.accept_operator(sign):
            raise self.unexpected(repr(sign))

    def expect_end(self) -> None:
        """Raise AQLError if anything is left."""
        if self.token.kind != "end":
            raise self.unexpected("the end: one query at a time")

    def name(self, what: str) -> str:
        """Parse a name, quoted or not."""
        if self.token.kind not in ("word", "name") or self.token.upper in RESERVED:
            raise self.unexpected(what)
        return self.advance().value

    def placed(self, node: exp.Expression, token: Token) -> exp.Expression:
        """Return *node* with the place of its token, for errors that are found later."""
        node.meta["at"] = token.at
        return node

    def unexpected(self, expected: str, hint: str = "") -> AQLError:
        """Return the error that the token at hand is not what was *expected*."""
        if self.token.upper in FOREIGN:
            return self.error(FOREIGN[self.token.upper])
        shown = self.text[self.token.at : self.token.end][:60]
        if self.token.kind == "end":
            return self.error(f"the query ends where {expected} was expected", expected)
        clause = OPENERS.get(self.token.upper)
        place = f" ({SHOWN.get(clause, clause)} is not possible here)" if clause else ""
        return self.error(f"expected {expected}, found {shown!r}{hint}{place}", expected)

    def error(self, message: str, expected: str = "") -> AQLError:
        """Return an error at the token at hand."""
        return self.error_at(self.token, message, expected)

    def error_at(self, token: Token, message: str, expected: str = "") -> AQLError:
        """Return an error at *token*."""
        return AQLError(message, self.text, token.at, self.text[token.at : token.end], expected)

    def error_of(self, node: exp.Expression, message: str) -> AQLError:
        """Return an error at the place of *node*."""
        return AQLError(message, self.text, node.meta.get("at", 0))


LITERALS: dict[str, Callable[[Token], exp.Expression]] = {
    "string": lambda token: exp.Literal.string(token.value),
    "number": lambda token: exp.Literal.number(
        str(int(token.value, 16)) if token.value[:2] in ("0x", "0X") else token.value
    ),
    "name": lambda token: exp.Column(this=exp.Identifier(this=token.value, quoted=True)),
}


def balanced(kind: type[exp.And | exp.Or], operands: list[exp.Expression]) -> exp.Expression:
    """Join operands by a connector so that a thousand of them are ten levels deep; both connectors are associative."""
    while len(operands) > 1:
        pairs: list[exp.Expression] = [
            kind(this=a, expression=b) for a, b in zip(operands[::2], operands[1::2], strict=False)
        ]
        operands = pairs + operands[len(pairs) * 2 :]
    return operands[0]


def own(node: exp.Expression, *kinds: type[exp.Expression]) -> Iterator[exp.Expression]:
    """Yield the nodes of some kinds in an expression, without those of a query inside it."""
    for found in node.walk(prune=lambda part: isinstance(part, exp.Subquery)):
        if isinstance(found, kinds):
            yield found
