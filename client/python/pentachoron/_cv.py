"""The coefficient of variation of pentachoron volumes: how evenly a cloud of vectors is spread.

Five points span a 4-simplex. Of 300 random fives of a cloud's first 512 rows the volumes are taken, and of those their
standard deviation over their mean. Fives that hold a point twice, or nearly, have no volume and do not count.
"""

from __future__ import annotations

from typing import Any, Optional

SAMPLES = 300
MAX_ROWS = 512
FEWEST_VALID = 10
#: Of a Gram determinant, in units of the largest squared distance to the fourth.
DEGENERATE = 1e-13
SMALLEST_SQUARED_VOLUME = 1e-20


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
    return volumes_cv(points[:MAX_ROWS][indices.to(points.device)])


def sample(pool: int, generator: Any = None) -> Any:
    """Index sets of 300 fives out of ``pool`` rows: (300, 5), int64."""
    import torch

    if generator is None:
        generator = torch.Generator()
        generator.manual_seed(0)
    return torch.stack([torch.randperm(pool, generator=generator)[:5] for _ in range(SAMPLES)])


def volumes_cv(fives: Any) -> Optional[float]:
    """The CV of the volumes of simplices of shape (samples, 5, columns)."""
    import torch

    if fives.shape[-1] < 4:
        return None
    # Where a device has no float64 the CPU does it.
    points = (fives.cpu() if fives.device.type == "mps" else fives).double()
    edges = points[:, 1:] - points[:, :1]  # (samples, 4, columns)
    gram = edges @ edges.transpose(1, 2)  # (samples, 4, 4)
    determinant = torch.linalg.det(gram)
    distances = torch.cdist(points, points, compute_mode="donot_use_mm_for_euclid_dist").square()
    largest = distances.amax(dim=(1, 2))
    squared = determinant / 576
    valid = (largest > 0) & (determinant >= DEGENERATE * largest**4) & (squared > SMALLEST_SQUARED_VOLUME)
    volumes = squared[valid].sqrt()
    if volumes.numel() < FEWEST_VALID:
        return None
    return float(volumes.std() / (volumes.mean() + 1e-8))
