"""Formulas of ``row-constraint`` as column expressions.

Frictionless evaluates a formula row by row with simpleeval and takes any exception for a failure.
What is compiled here gives the same answer for every row; everything else is ``Inexpressible``.
"""

import ast
from collections.abc import Callable, Mapping
from typing import Any

from frictionless import checks, errors

from opendata.tabular.certify.model import Column, Finding
from opendata.tabular.certify.twins import arithmetic, comparison
from opendata.tabular.certify.twins.operands import (
    Operand,
    both,
    constant,
    either,
    of_column,
    truth,
)
from opendata.tabular.certify.twins.values import Inexpressible, Kind, finding

# Far less than what would exhaust simpleeval's recursion, which is a failure as well.
_MOST_NESTED = 40
_LONGEST_TEXT = 10_000


def row_constraint(
    check: checks.row_constraint, columns: Mapping[str, Column]
) -> tuple[Finding, ...]:
    """Find the rows in which a formula is not true, or cannot be evaluated.

    Raises:
        Inexpressible: the formula says what cannot be said exactly, or names no column.
    """
    names = formula_names(check.formula)
    if not names or not all(name in columns for name in names):
        raise Inexpressible
    result = _Compiler(columns).compile(_parsed(check.formula), 0)
    when = ~truth(result)
    failing = when if result.fails is None else result.fails | when
    return (finding(errors.RowConstraintError, None, failing),)


def formula_names(formula: str) -> tuple[str, ...]:
    """Return the names a formula speaks of, each once; none if it cannot be parsed."""
    try:
        tree = _parsed(formula)
    except Inexpressible:
        return ()
    names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    return tuple(dict.fromkeys(names))


def _parsed(formula: str) -> ast.expr:
    """Parse a formula as simpleeval does, which takes the first statement of several."""
    try:
        body = ast.parse(formula.strip()).body
    except (SyntaxError, ValueError) as problem:
        raise Inexpressible from problem
    if len(body) != 1 or not isinstance(body[0], ast.Expr):
        raise Inexpressible
    return body[0].value


class _Compiler:
    """Compiles the nodes of one formula over the columns of one file."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = columns
        self._nodes: dict[type[ast.expr], Callable[[Any, int], Operand]] = {
            ast.Name: self._name,
            ast.Constant: self._constant,
            ast.UnaryOp: self._unary,
            ast.BinOp: self._binary,
            ast.BoolOp: self._boolean,
            ast.Compare: self._compare,
        }

    def compile(self, node: ast.expr, depth: int) -> Operand:
        """Return what a node is in every row."""
        handler = self._nodes.get(type(node))
        if handler is None or depth > _MOST_NESTED:
            raise Inexpressible
        return handler(node, depth + 1)

    def _name(self, node: ast.Name, _: int) -> Operand:
        return of_column(self._columns[node.id])

    def _constant(self, node: ast.Constant, _: int) -> Operand:
        if isinstance(node.value, str) and len(node.value) > _LONGEST_TEXT:
            raise Inexpressible
        return constant(node.value)

    def _unary(self, node: ast.UnaryOp, depth: int) -> Operand:
        operand = self.compile(node.operand, depth)
        if isinstance(node.op, ast.Not):
            return Operand(Kind.BOOLEAN, ~truth(operand), fails=operand.fails)
        if isinstance(node.op, ast.USub):
            return arithmetic.negative(operand)
        raise Inexpressible

    def _binary(self, node: ast.BinOp, depth: int) -> Operand:
        left, right = self.compile(node.left, depth), self.compile(node.right, depth)
        return arithmetic.combine(type(node.op), left, right)

    def _boolean(self, node: ast.BoolOp, depth: int) -> Operand:
        """Evaluate from left to right; what is not reached cannot fail."""
        conjunction = isinstance(node.op, ast.And)
        operands = [self.compile(each, depth) for each in node.values]
        *before, last = operands
        value, fails = truth(last), last.fails
        for each in reversed(before):
            reached = truth(each) if conjunction else ~truth(each)
            fails = either(each.fails, both(reached, fails))
            value = truth(each) & value if conjunction else truth(each) | value
        # The result is one of the operands: a Boolean only if all of them are.
        plain = all(each.kind is Kind.BOOLEAN and each.absent is None for each in operands)
        return Operand(Kind.BOOLEAN if plain else Kind.TRUTH, value, fails=fails)

    def _compare(self, node: ast.Compare, depth: int) -> Operand:
        """Evaluate a chain from left to right, up to the first comparison that is false."""
        if len(node.ops) == 1 and isinstance(node.ops[0], ast.In | ast.NotIn):
            return self._membership(node, depth)
        first, *others = (self.compile(each, depth) for each in (node.left, *node.comparators))
        left, steps = first, []
        for operator, right in zip(node.ops, others, strict=True):
            step = comparison.compare(type(operator), left, right)
            steps.append((step.value, either(right.fails, step.fails)))
            left = right
        *before, (value, fails) = steps
        for true, failing in reversed(before):
            fails = either(failing, both(true, fails))
            value = true & value
        return Operand(Kind.BOOLEAN, value, fails=either(first.fails, fails))

    def _membership(self, node: ast.Compare, depth: int) -> Operand:
        """Look a value up among the elements of a list, or a text within a text."""
        left, among = self.compile(node.left, depth), node.comparators[0]
        if isinstance(among, ast.List | ast.Tuple | ast.Set):
            elements = [self.compile(each, depth) for each in among.elts]
            found = comparison.among(left, elements)
        else:
            found = comparison.within(left, self.compile(among, depth))
        negated = isinstance(node.ops[0], ast.NotIn)
        return Operand(Kind.BOOLEAN, ~found.value if negated else found.value, fails=found.fails)
