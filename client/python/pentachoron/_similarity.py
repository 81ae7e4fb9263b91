"""Metrics of a matrix and an earlier one."""

from __future__ import annotations

from typing import Optional

from ._matrix import NOT_FINITE, Matrix, frobenius
from ._measured import Pending, Result, without

NO_EARLIER = "no earlier matrix"


def cka(x: Matrix, y: Optional[Matrix]) -> Result:
    """Linear CKA of two matrices of as many rows: 1 where one is a rotation and a multiple of the other."""
    if y is None:
        return without(NO_EARLIER)
    if x.rows != y.rows:
        return without("another number of rows")
    own, other = x.centred, y.centred
    if x.rows < min(x.columns, y.columns):
        gram, other_gram = own @ own.T, other @ other.T
        shared = (gram * other_gram).sum()
    else:
        gram, other_gram = own.T @ own, other.T @ other
        shared = (other.T @ own).square().sum()
    value = shared / (frobenius(gram) * frobenius(other_gram))
    constant = x.has_equal_rows | y.has_equal_rows
    return Pending(value, None, ((~y.is_finite, NOT_FINITE), (constant, "all rows equal")))


def update_norm(x: Matrix, y: Optional[Matrix]) -> Result:
    """Frobenius norm of the difference to the earlier matrix, in the unit of the entries."""
    if y is None:
        return without(NO_EARLIER)
    if (x.rows, x.columns) != (y.rows, y.columns):
        return without("another shape")
    difference = x.scaled * x.scale - y.scaled * y.scale
    return Pending(frobenius(difference), None, ((~y.is_finite, NOT_FINITE),))
