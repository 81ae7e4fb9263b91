"""The metrics of a matrix in numpy and plain loops, each by another way than the package takes where there is one."""

from __future__ import annotations

import math
from typing import Any, Optional, Tuple

import numpy as np
import pytest
import torch

CORNERS = {"cv": 5, "cv_3": 3, "cv_4": 4, "cv_6": 6, "cv_7": 7, "cv_8": 8}
OF_LABELS = ["nc1", "nc2", "nc3", "nc4"]


def noise(seed: int, *shape: int) -> Any:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def compare(found: Any, value: Optional[float], se: Optional[float], tolerance: float) -> None:
    assert found.reason is None
    assert found.value == pytest.approx(value, rel=tolerance, abs=tolerance)
    if se is None:
        assert found.se is None
    else:
        assert found.se == pytest.approx(se, rel=tolerance, abs=tolerance)


def simplex_volumes(x: Any, corners: int, seed: int = 0) -> Any:
    """Of the valid simplices, as products of the diagonal of R."""
    generator = torch.Generator().manual_seed(seed)
    least = 1e-20 if corners == 5 else 0
    volumes = []
    for _ in range(300):
        points = x[torch.randperm(min(len(x), 512), generator=generator)[:corners].numpy()]
        apart = ((points[:, None] - points[None]) ** 2).sum(axis=2).max()
        root = np.prod(np.abs(np.diag(np.linalg.qr((points[1:] - points[0]).T, mode="r"))))
        volume = root / math.factorial(corners - 1)
        if apart > 0 and root**2 >= 1e-13 * apart ** (corners - 1) and volume**2 > least:
            volumes.append(volume)
    return np.array(volumes)


def cv(x: Any, corners: int = 5, seed: int = 0) -> Tuple[float, float]:
    """With its standard error, by the derivative of the CV in each sample's weight."""
    v = simplex_volumes(x, corners, seed)
    mean, deviation = v.mean(), v.std(ddof=1)
    value = deviation / (mean + (1e-8 if corners == 5 else 0))
    influence = value * (((v - mean) ** 2 - deviation**2) / (2 * deviation**2) - (v - mean) / mean)
    return value, influence.std(ddof=1) / math.sqrt(len(v))


def covariance_eigenvalues(x: Any) -> Any:
    """Descending, as many as columns; negative ones are rounding."""
    return np.maximum(np.linalg.eigvalsh(np.atleast_2d(np.cov(x.T)))[::-1], 0)


def effective_rank(x: Any) -> float:
    s = np.linalg.svd(x, compute_uv=False)
    return math.exp(-sum(p * math.log(p) for p in s / s.sum() + 1e-7))


def spectral_entropy(x: Any) -> float:
    s = np.linalg.svd(x, compute_uv=False) ** 2
    return -sum(p * math.log(p) for p in s / s.sum() if p > 0)


def stable_rank(x: Any) -> float:
    return float(np.linalg.norm(x) ** 2 / np.linalg.norm(x, 2) ** 2)


def condition_number(x: Any) -> float:
    return float(np.linalg.cond(x))


def participation_ratio(x: Any) -> float:
    c = np.atleast_2d(np.cov(x.T))
    return float(np.trace(c) ** 2 / np.trace(c @ c))


def anisotropy(x: Any) -> float:
    values = covariance_eigenvalues(x)
    return float(values[0] / values.sum())


def isoscore(x: Any) -> float:
    """In the steps of the paper."""
    v = covariance_eigenvalues(x)
    d = len(v)
    normed = math.sqrt(d) * v / np.linalg.norm(v)
    defect = np.linalg.norm(normed - np.ones(d)) / math.sqrt(2 * (d - math.sqrt(d)))
    phi = (d - defect**2 * (d - math.sqrt(d))) ** 2 / d**2
    return float((d * phi - 1) / (d - 1))


def mean_cosine(x: Any) -> float:
    rows = [row for row in x if row.any()]
    cosines = [
        rows[i] @ rows[j] / (np.linalg.norm(rows[i]) * np.linalg.norm(rows[j]))
        for i in range(len(rows))
        for j in range(i)
    ]
    return float(np.mean(cosines))


def twonn(x: Any) -> Tuple[float, float]:
    rows = np.unique(x, axis=0)
    ratios = []
    for row in rows:
        near = np.sort(np.sqrt(((rows - row) ** 2).sum(axis=1)))
        ratios.append(near[2] / near[1])
    kept = max(2, math.floor(0.9 * len(rows)))
    log_ratios = np.log(np.sort(ratios)[:kept])
    heights = np.array([-math.log(1 - i / len(rows)) for i in range(1, kept + 1)])
    slope = np.linalg.lstsq(log_ratios[:, None], heights, rcond=None)[0][0]
    return float(slope), float(slope / math.sqrt(kept))


def power_law(x: Any) -> Tuple[float, float]:
    values = np.sort(np.linalg.svd(x, compute_uv=False) ** 2)
    values = values[values >= 1e-12 * values[-1]]
    best = (math.inf, 0.0, 0)
    for least in values:
        tail = values[values >= least]
        total = np.log(tail / least).sum()
        if len(tail) < 8 or total <= 0:
            continue
        alpha = 1 + len(tail) / total
        cumulative = 1 - (tail / least) ** (1 - alpha)
        steps = np.arange(len(tail) + 1) / len(tail)
        distance = max(np.abs(steps[1:] - cumulative).max(), np.abs(steps[:-1] - cumulative).max())
        if distance < best[0]:
            best = (distance, alpha, len(tail))
    return best[1], (best[1] - 1) / math.sqrt(best[2])


def cka(x: Any, y: Any) -> float:
    """By centred kernels."""
    n = len(x)
    centring = np.eye(n) - np.ones((n, n)) / n
    k, m = centring @ x @ x.T @ centring, centring @ y @ y.T @ centring
    return float(np.trace(k @ m) / math.sqrt(np.trace(k @ k) * np.trace(m @ m)))


def class_means(h: Any, y: Any) -> Tuple[Any, Any]:
    """Of the classes that are there, and these less their mean."""
    means = np.array([h[y == c].mean(axis=0) for c in np.unique(y)])
    return means, means - means.mean(axis=0)


def nc1(h: Any, y: Any) -> float:
    """Through D x D matrices."""
    means, centred = class_means(h, y)
    within = np.cov(h.T - means[np.searchsorted(np.unique(y), y)].T, bias=True)
    between = centred.T @ centred / len(means)
    return float(np.trace(within @ np.linalg.pinv(between, rcond=1e-11, hermitian=True)) / len(means))


def nc2(h: Any, y: Any) -> float:
    gram = (lambda m: m @ m.T)(class_means(h, y)[1])
    count = len(gram)
    ideal = (np.eye(count) - np.full((count, count), 1 / count)) / math.sqrt(count - 1)
    return float(np.linalg.norm(gram / np.linalg.norm(gram) - ideal))


def nc3(h: Any, y: Any, w: Any) -> float:
    """By the cosine of the two matrices."""
    centred, weight = class_means(h, y)[1], w[np.unique(y)]
    return float(2 - 2 * (weight * centred).sum() / (np.linalg.norm(weight) * np.linalg.norm(centred)))


def nc4(h: Any, y: Any, w: Any, b: Any) -> Tuple[float, float]:
    means, classes = class_means(h, y)[0], np.unique(y)
    wrong = [
        int(np.argmax(w @ row + b)) != classes[int(np.argmin(((means - row) ** 2).sum(axis=1)))] for row in h
    ]
    share = float(np.mean(wrong))
    return share, math.sqrt(share * (1 - share) / len(h))
