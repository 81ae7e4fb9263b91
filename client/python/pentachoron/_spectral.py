"""Metrics of a matrix's singular values, of all of it or of it without its column means."""

from __future__ import annotations

import math
from typing import Any

from ._matrix import Matrix, frobenius
from ._measured import Pending, Result, without

ZERO = "all zero"
EQUAL = "all rows equal"
#: Eigenvalues that a power law is fitted to, at least.
FEWEST_EIGENVALUES = 8
#: Eigenvalues below this share of the largest are noise of the decomposition.
SMALLEST_EIGENVALUE = 1e-12
#: Numbers in one block of a table of pairs, which bounds its memory to 128 MB.
BLOCK = 2**24


def effective_rank(x: Matrix) -> Result:
    """exp of the entropy of the singular values (RankMe), in dimensions."""
    sigma = x.singular_values
    return Pending(_entropy(sigma / sigma.sum() + 1e-7).exp(), None, ((x.is_zero, ZERO),))


def spectral_entropy(x: Matrix) -> Result:
    """Entropy of the squared singular values, in nats."""
    energy = x.singular_values.square()
    return Pending(_entropy(energy / energy.sum()), None, ((x.is_zero, ZERO),))


def _entropy(shares: Any) -> Any:
    import torch

    return -torch.xlogy(shares, shares).sum()


def stable_rank(x: Matrix) -> Result:
    """Squared Frobenius norm over the squared largest singular value, in dimensions."""
    energy = x.singular_values.square()
    return Pending(energy.sum() / energy[0], None, ((x.is_zero, ZERO),))


def condition_number(x: Matrix) -> Result:
    """Largest over smallest singular value; one within rounding of 0 counts as 0."""
    largest, smallest = x.singular_values[0], x.singular_values[-1]
    singular = smallest <= largest * max(x.rows, x.columns) * x.epsilon
    return Pending(largest / smallest, None, ((singular, "singular"),))


def participation_ratio(x: Matrix) -> Result:
    """(sum of variances)^2 over the sum of their squares, in dimensions."""
    if x.rows < 2:
        return without("fewer than 2 rows")
    variances = x.variances
    return Pending(variances.sum().square() / variances.square().sum(), None, ((x.has_equal_rows, EQUAL),))


def anisotropy(x: Matrix) -> Result:
    """Share of the variance along the first principal axis."""
    if x.rows < 2:
        return without("fewer than 2 rows")
    return Pending(x.variances[0] / x.variances.sum(), None, ((x.has_equal_rows, EQUAL),))


def isoscore(x: Matrix) -> Result:
    """Share of the dimensions that are used evenly, by the distance of the variances to equal ones."""
    if x.rows < 2 or x.columns < 2:
        return without("fewer than 2 rows" if x.rows < 2 else "fewer than 2 columns")
    size = x.columns
    most = size - math.sqrt(size)
    direction = math.sqrt(size) * x.variances / x.variances.square().sum().sqrt()
    # Axes beyond the rank have no variance: each is at distance 1.
    squared_distance = (direction - 1).square().sum() + (size - len(x.variances))
    defect = squared_distance / (2 * most)  # delta squared
    used = (size - defect * most).square() / size**2
    return Pending((size * used - 1) / (size - 1), None, ((x.has_equal_rows, EQUAL),))


def weight_norm(x: Matrix) -> Result:
    """Frobenius norm, in the unit of the entries."""
    return Pending(frobenius(x.scaled) * x.scale)


def power_law(x: Matrix) -> Result:
    """Exponent of the tail of the squared singular values, from where a power law fits best; its standard error."""
    import torch

    fewest = FEWEST_EIGENVALUES
    few = f"fewer than {fewest} eigenvalues"
    size = min(x.rows, x.columns)
    if size < fewest:
        return without(few)
    ascending = x.singular_values.square().flip(0)
    kept = (ascending > 0) & (ascending >= SMALLEST_EIGENVALUE * ascending[-1])
    logs = torch.where(kept, ascending, 1.0).log()
    places = torch.arange(1, size + 1, device=logs.device, dtype=logs.dtype)
    distances, exponents, counts = [], [], []
    step = max(1, BLOCK // size)
    for start in range(0, size, step):
        block = slice(start, start + step)
        # Rows are where the tail may begin, columns are eigenvalues: (block, size)
        tail = kept & (ascending >= ascending[block, None])
        count = tail.sum(dim=1, dtype=logs.dtype)
        over = torch.where(tail, logs - logs[block, None], 0.0)
        total = over.sum(dim=1)
        usable = kept[block] & (count >= fewest) & (total > 0)
        exponent = 1 + count / torch.where(usable, total, 1.0)
        fitted = 1 - ((1 - exponent)[:, None] * over).exp()
        place = places - (size - count)[:, None]
        apart = torch.maximum((place / count[:, None] - fitted).abs(), ((place - 1) / count[:, None] - fitted).abs())
        distances.append(torch.where(usable, torch.where(tail, apart, 0.0).amax(dim=1), math.inf))
        exponents.append(exponent)
        counts.append(count)
    distance = torch.cat(distances)
    best = distance.argmin().reshape(1)  # The first of several, which are ascending.
    exponent = torch.cat(exponents).gather(0, best)[0]
    count = torch.cat(counts).gather(0, best)[0]
    failures = ((kept.sum() < fewest, few), (distance.amin() == math.inf, "all eigenvalues equal"))
    return Pending(exponent, (exponent - 1) / count.sqrt(), failures)
