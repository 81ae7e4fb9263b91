"""The coefficient of variation of pentachoron volumes: how evenly a cloud of vectors is spread.

Five points span a 4-simplex. Of 300 random fives of a cloud's first 512 rows the volumes are taken, and of those their
standard deviation over their mean. Fives that hold a point twice, or nearly, have no volume and do not count. The same
is done for simplices of other numbers of corners, on the first so many points of the same draws.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, Optional, Tuple

from ._measured import Pending

SAMPLES = 300
MAX_ROWS = 512
FEWEST_VALID = 10
#: Of a Gram determinant, in units of the largest squared distance to the power of the simplex's dimension.
DEGENERATE = 1e-13
#: In absolute terms, for pentachora alone, as the original has them: the volume of a simplex of k corners grows with the
#: scale to the power k - 1, so that the CVs of the others would depend on it.
SMALLEST_SQUARED_VOLUME = 1e-20
MEAN_OFFSET = 1e-8


def cv(tensor: Any, generator: Any = None) -> Optional[float]:
    """The CV of the rows of a torch tensor of shape (rows, columns), or None where it has no value.

    It has none below 5 rows or 4 columns, and where fewer than 10 fives are valid. ``generator``: a
    ``torch.Generator`` on the CPU from which the fives are drawn, as 300 times ``randperm(pool)[:5]``; without one a
    fresh generator of seed 0, so that the same cloud has the same value. Volumes are computed in float64.
    """
    points = tensor.detach()
    if points.dim() != 2:
        raise ValueError(f"tensor must have two dimensions, (rows, columns), not {tuple(points.shape)}")
    if points.shape[0] < 5:
        return None
    indices = sample(min(points.shape[0], MAX_ROWS), generator)
    if points.shape[1] < 4:
        return None
    volumes, valid = volumes_of(*shapes(points[:MAX_ROWS][indices.to(points.device)]), 5)
    volumes = volumes[valid]
    if volumes.numel() < FEWEST_VALID:
        return None
    return float(volumes.std() / (volumes.mean() + MEAN_OFFSET))


def sample(pool: int, generator: Any = None, corners: int = 5) -> Any:
    """Index sets of 300 simplices out of ``pool`` rows: (300, corners), int64, on the generator's device.

    Each is the beginning of one permutation, so that those of fewer corners are the beginnings of those of more.
    Without a generator they are those of a fresh one of seed 0.
    """
    import torch

    if generator is None:
        return seeded_sample(pool, corners, 0)
    return torch.stack(
        [torch.randperm(pool, generator=generator, device=generator.device)[:corners] for _ in range(SAMPLES)]
    )


@lru_cache(maxsize=64)
def seeded_sample(pool: int, corners: int, seed: int) -> Any:
    """What ``sample`` draws from a fresh generator on the CPU; drawing takes milliseconds, a sample at most 20 kB."""
    import torch

    generator = torch.Generator(device="cpu")
    generator.manual_seed(seed)
    return sample(pool, generator, corners)


def shapes(simplices: Any) -> Tuple[Any, Any]:
    """Of simplices, (samples, corners, columns), what their volumes are made from, in float64.

    Gram matrices of the edges from the first corner, (samples, corners - 1, corners - 1), and squared distances,
    (samples, corners, corners). Those of the first k corners are the leading blocks of both.
    """
    import torch

    # Where a device has no float64 the CPU does it.
    points = (simplices.cpu() if simplices.device.type == "mps" else simplices).double()
    edges = points[:, 1:] - points[:, :1]
    distances = torch.cdist(points, points, compute_mode="donot_use_mm_for_euclid_dist").square()
    return edges @ edges.transpose(1, 2), distances


def volumes_of(grams: Any, distances: Any, corners: int) -> Tuple[Any, Any]:
    """Volumes of the simplices of the first ``corners`` corners, (samples,), and which of them are valid."""
    import torch

    edges = corners - 1
    determinant = torch.linalg.det(grams[:, :edges, :edges])
    largest = distances[:, :corners, :corners].amax(dim=(1, 2))
    squared = determinant / math.factorial(edges) ** 2
    smallest = SMALLEST_SQUARED_VOLUME if corners == 5 else 0.0
    valid = (largest > 0) & (determinant >= DEGENERATE * largest**edges) & (squared > smallest)
    return torch.where(valid, squared, 0.0).sqrt(), valid


def variation(volumes: Any, valid: Any, corners: int) -> Pending:
    """The CV of the valid volumes, and its standard error by its influence function (the infinitesimal jackknife).

    Each sample's influence is CV * ((deviation^2 - variance) / (2 variance) - deviation / mean); the standard error is
    their standard deviation over the root of their number, and 0 where the variance is.
    """
    import torch

    count = valid.sum()
    mean = volumes.sum() / count  # Those that are not valid are 0.
    deviations = torch.where(valid, volumes - mean, 0.0)
    squares = deviations.square()
    variance = squares.sum() / (count - 1)
    value = variance.sqrt() / (mean + (MEAN_OFFSET if corners == 5 else 0.0))
    influences = value * ((squares - variance) / (2 * variance) - deviations / mean)
    influences = torch.where(valid & (variance > 0), influences, 0.0)
    off_mean = torch.where(valid, influences - influences.sum() / count, 0.0)
    error = (off_mean.square().sum() / (count - 1) / count).sqrt()
    return Pending(value, error, ((count < FEWEST_VALID, f"fewer than {FEWEST_VALID} valid samples"),))
