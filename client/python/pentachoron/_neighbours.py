"""Metrics of pairs of a matrix's rows: their angles, and how far the two nearest others are."""

from __future__ import annotations

import math
from typing import Any

from ._matrix import Matrix
from ._measured import Pending, Result, without
from ._spectral import BLOCK

FEWEST_ROWS = 5


def mean_cosine(x: Matrix) -> Result:
    """Mean cosine of two different rows, over all pairs; rows of zeros are left out."""
    import torch

    largest = x.scaled.abs().amax(dim=1, keepdim=True)
    present = largest > 0
    # Each row by its own largest entry first: squares of small rows would vanish.
    rows = x.scaled / torch.where(present, largest, 1.0)
    units = rows / torch.where(present, rows.square().sum(dim=1, keepdim=True), 1.0).sqrt()
    count = present.sum().to(x.dtype)
    # The squared norm of the sum of all holds each pair twice, and each row with itself.
    pairs = units.sum(dim=0).square().sum() - units.square().sum()
    return Pending(pairs / (count * (count - 1)), None, ((count < 2, "fewer than 2 nonzero rows"),))


def twonn(x: Matrix) -> Result:
    """Intrinsic dimension by the ratios of the distances to the two nearest other rows; its standard error.

    Rows at distance 0 count once. The memory is bounded, the time is not: rows^2 * columns.
    """
    import torch

    few = f"fewer than {FEWEST_ROWS} distinct rows"
    if x.rows < FEWEST_ROWS:
        return without(few)
    rows = x.scaled
    device, size = rows.device, x.rows
    places = torch.arange(size, device=device)
    step = max(1, BLOCK // size)
    blocks = [slice(start, min(start + step, size)) for start in range(0, size, step)]

    def distances(block: slice) -> Any:
        # Of differences, not of products, in which close rows would lose their distance.
        return torch.cdist(rows[block], rows, compute_mode="donot_use_mm_for_euclid_dist")

    only = distances(blocks[0]) if len(blocks) == 1 else None
    copies = []
    for block in blocks:
        apart = distances(block) if only is None else only
        copies.append(((apart == 0) & (places[None, :] < places[block, None])).any(dim=1))
    copied = torch.cat(copies)
    ratios = []
    for block in blocks:
        apart = distances(block) if only is None else only
        # Neither a row itself nor what is there a second time is another row.
        others = apart.masked_fill(copied[None, :] | (places[None, :] == places[block, None]), math.inf)
        nearest = others.topk(2, dim=1, largest=False).values
        ratios.append(nearest[:, 1] / nearest[:, 0])
    return _slope(torch.cat(ratios).masked_fill(copied, math.inf), size - copied.sum(), few)


def _slope(ratios: Any, count: Any, few: str) -> Result:
    """The line through the origin of -ln(1 - F) against ln of the ratios, without the largest tenth of these."""
    import torch

    keep = (count * 9 // 10).clamp(min=2)
    places = torch.arange(1, len(ratios) + 1, device=ratios.device)
    kept = places <= keep
    x = torch.where(kept, ratios.sort().values, 1.0).log()
    y = -torch.log1p(-torch.where(kept, places.to(x.dtype) / count, 0.0))
    squares = x.square().sum()
    slope = (x * y).sum() / squares
    failures = ((count < FEWEST_ROWS, few), (squares == 0, "all ratios are 1"))
    return Pending(slope, slope / keep.to(x.dtype).sqrt(), failures)
