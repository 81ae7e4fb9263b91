"""The geometry of a matrix of rows, in more ways than one: what `run.watch` measures, for any torch tensor::

    from pentachoron.metrics import measure
    found = measure(model.embed.weight, ["cv", "effective_rank", "twonn"])
    found["twonn"].value, found["twonn"].se, found["twonn"].reason

A matrix X has shape (n, D): n rows of D numbers. Below, s are its singular values, descending, min(n, D) of them, and l
the squares of those of X without its column means. All is worked out on the tensor's own device in float64, except on
Apple's MPS, which has none: there in float32, to about 1e-4 of a value, and the volumes on the CPU. Torch's random
state and default type are left as they are. A call waits for its device where LAPACK's checks do and, at the end, for
all numbers at once; NC1 to NC4 also wait for the labels' range.

A metric that has no value says why: never NaN, and no error for whatever numbers a matrix holds. Nothing is imported
before something is measured.
"""

from __future__ import annotations

import math
from typing import Any, Callable, Dict, Iterable, Mapping, NamedTuple, Optional, Tuple, Union

from ._measured import Measured, Pending, Result, read, without

__all__ = ["METRICS", "Measured", "Metric", "gaussian_null", "measure"]


class Metric(NamedTuple):
    """What a metric is called, and what it is of."""

    title: str
    #: Empty where the value is a pure number.
    unit: str
    #: What `measure` must be given besides the tensor.
    needs: Tuple[str, ...]
    #: Who defined it.
    source: str


_PAPYAN = "Papyan, Han & Donoho 2020"
#: Corners of the simplices, by metric.
_CORNERS = {"cv": 5, "cv_3": 3, "cv_4": 4, "cv_6": 6, "cv_7": 7, "cv_8": 8}

#: Every metric by its name.
METRICS: Mapping[str, Metric] = {
    **{name: Metric(f"CV ({corners} points)", "", (), "") for name, corners in _CORNERS.items()},
    "effective_rank": Metric("Effective rank", "dimensions", (), "Garrido et al. 2023, RankMe; Roy & Vetterli 2007"),
    "participation_ratio": Metric("Participation ratio", "dimensions", (), "Gao & Ganguli 2015, 2017"),
    "stable_rank": Metric("Stable rank", "dimensions", (), "Rudelson & Vershynin 2007"),
    "condition_number": Metric("Condition number", "", (), ""),
    "spectral_entropy": Metric("Spectral entropy", "nats", (), ""),
    "mean_cosine": Metric("Mean cosine", "", (), "Ethayarajh 2019"),
    "anisotropy": Metric("Anisotropy", "share", (), "Razzhigaev et al. 2024; Godey et al. 2024"),
    "isoscore": Metric("IsoScore", "share", (), "Rudman et al. 2022"),
    "twonn": Metric("TwoNN dimension", "dimensions", (), "Facco et al. 2017"),
    "nc1": Metric("NC1 within-class variability", "", ("labels",), _PAPYAN),
    "nc2": Metric("NC2 simplex ETF", "", ("labels",), _PAPYAN),
    "nc3": Metric("NC3 self-duality", "", ("labels", "weight"), _PAPYAN),
    "nc4": Metric("NC4 nearest class centre", "share", ("labels", "weight"), _PAPYAN),
    "cka_previous": Metric("CKA to the epoch before", "share", ("earlier",), "Kornblith et al. 2019"),
    "cka_initial": Metric("CKA to epoch 0", "share", ("initial",), "Kornblith et al. 2019"),
    "power_law": Metric(
        "Power-law exponent", "", (), "Clauset, Shalizi & Newman 2009; Martin & Mahoney 2021"
    ),
    "weight_norm": Metric("Weight norm", "", (), ""),
    "update_norm": Metric("Update norm", "", ("earlier",), ""),
}


def measure(
    tensor: Any,
    metrics: Union[str, Iterable[str]] = ("cv",),
    *,
    earlier: Any = None,
    initial: Any = None,
    labels: Any = None,
    weight: Any = None,
    bias: Any = None,
    sample_seed: int = 0,
    generator: Any = None,
) -> Dict[str, Measured]:
    """Every metric asked for of a torch tensor of shape (n, D), by name.

    ``cv`` and ``cv_3`` to ``cv_8``, unit-free: standard deviation over mean of the volumes of 300 random simplices of 5
    and of 3 to 8 rows, of the first 512. Their index sets are the beginnings of 300 permutations that a CPU generator
    of seed ``sample_seed``, or else ``generator``, draws. With a standard error.

    ``effective_rank``, dimensions: exp(-sum p ln p), p = s / sum(s) + 1e-7. ``spectral_entropy``, nats: -sum p ln p,
    p = s^2 / sum(s^2). ``stable_rank``, dimensions: sum(s^2) / s_1^2. ``condition_number``: s_1 / s_min.
    ``participation_ratio``, dimensions: sum(l)^2 / sum(l^2). ``anisotropy``, share: l_1 / sum(l). ``isoscore``, share:
    1 where the variance is the same in every direction, 0 where it is all in one. ``power_law``: the exponent a of
    p(s^2) ~ (s^2)^-a above the value from which it fits best, with a standard error.

    ``mean_cosine``: of two different rows. ``twonn``, dimensions: from the distances to the two nearest other rows,
    with a standard error; takes time as n^2 D.

    ``nc1`` to ``nc4``: neural collapse, of features, (N, D), with ``labels``, (N,) whole numbers; nc3 and nc4 of the
    classifier's ``weight``, (C, D), and nc4 of its ``bias``, (C,), too. nc4, a share, has a standard error.

    ``cka_previous`` and ``cka_initial``, shares: linear CKA to ``earlier`` and to ``initial``, (n, any).
    ``weight_norm`` and ``update_norm``, in the unit of the entries: Frobenius norm of the tensor, and of it less
    ``earlier``, (n, D).

    Raises ValueError for what cannot be asked: an unknown metric, arguments that a metric lacks, wrong shapes.
    """
    import torch

    from ._matrix import NOT_FINITE, Matrix

    names = known(metrics)
    if ("nc3" in names or "nc4" in names) and weight is None:
        raise ValueError("weight must be given for nc3 and nc4: the classifier's, (classes, columns)")
    if labels is None and any(name.startswith("nc") for name in names):
        raise ValueError("labels must be given for nc1 to nc4: one whole number for each row of tensor")
    with torch.no_grad():
        x = Matrix(tensor, "tensor")
        others = {"earlier": earlier, "initial": initial, "weight": weight}
        given = {
            name: None if other is None else Matrix(other.detach().to(x.tensor.device), name)
            for name, other in others.items()
        }
        if x.tensor.numel() == 0:
            return {name: without("empty") for name in names}
        sets = _Sets(x, [_CORNERS[name] for name in names if name in _CORNERS], sample_seed, generator)
        results: Dict[str, Result] = {}
        collapse: Any = None
        for name in names:
            if name in _CORNERS:
                result = sets.variation(_CORNERS[name])
            elif name.startswith("nc"):
                from . import _collapse

                collapse = collapse or _collapse.Collapse(x, labels, given["weight"], bias)
                result = getattr(_collapse, name)(collapse)
            else:
                result = _functions()[name](x, given)
            if isinstance(result, Pending):
                failed = (~x.is_finite.to(result.value.device), NOT_FINITE)
                result = result._replace(unless=(failed, *result.unless))
            results[name] = result
        return read(results)


def gaussian_null(metric: str, rows: int, columns: int) -> Optional[float]:
    """What a metric is for a (rows, columns) matrix of independent Gaussian entries of mean 0, where a formula says.

    Exact for infinitely many samples for the CVs and for NC3 of independent directions; asymptotic for the ranks, the
    condition number and the anisotropy. None without a formula.
    """
    (name,) = known((metric,))
    n, m, size = rows, rows - 1, columns
    if name in _CORNERS:
        edges = _CORNERS[name] - 1
        return _gaussian_cv(edges, size) if rows > edges and size >= edges else None
    if min(rows, columns) < 1:
        return None
    if name == "participation_ratio":
        return m * size / (m + size + 1) if m > 0 else None
    if name == "stable_rank":
        return n * size / (math.sqrt(n) + math.sqrt(size)) ** 2
    if name == "condition_number" and n != size:
        return (math.sqrt(n) + math.sqrt(size)) / abs(math.sqrt(n) - math.sqrt(size))
    if name == "anisotropy":
        return (math.sqrt(m) + math.sqrt(size)) ** 2 / (m * size) if m > 0 else None
    if name == "mean_cosine":
        return 0.0 if rows > 1 else None
    return 2.0 if name == "nc3" else None


def _gaussian_cv(edges: int, size: int) -> float:
    """By the means of the chi distributions of ``size`` and fewer degrees of freedom, one an edge."""
    total = 0.0
    for degrees in range(size, size - edges, -1):
        mean = 0.5 * math.log(2) + math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)
        total += math.log(degrees) - 2 * mean
    return math.sqrt(math.expm1(total))


def known(metrics: Union[str, Iterable[str]], allowed: Iterable[str] = METRICS) -> Tuple[str, ...]:
    """The names, each once, or a ValueError that says what is allowed."""
    names = (metrics,) if isinstance(metrics, str) else tuple(metrics)
    for name in names:
        if name not in allowed:
            raise ValueError(f"metrics must be of {', '.join(allowed)}, not {name!r}")
    if not names:
        raise ValueError(f"metrics must name at least one of {', '.join(allowed)}")
    return tuple(dict.fromkeys(names))


def fewest(name: str) -> Tuple[int, int]:
    """Rows and columns below which a metric has no value whatever they hold."""
    corners = _CORNERS.get(name, 1)
    return corners, max(1, corners - 1)


def only_samples(names: Iterable[str]) -> bool:
    """Whether all of these look at the first 512 rows alone."""
    return all(name in _CORNERS for name in names)


class _Sets:
    """The simplices of one matrix, drawn once for the most corners that are asked for."""

    def __init__(self, x: Any, corners: Iterable[int], seed: int, generator: Any) -> None:
        self.rows, self.columns = x.rows, x.columns
        possible = [each for each in corners if each <= x.rows and each - 1 <= x.columns]
        self._shapes: Tuple[Any, Any] = (None, None)
        if possible:
            from ._cv import MAX_ROWS, sample, seeded_sample, shapes

            pool, most = min(x.rows, MAX_ROWS), max(possible)
            indices = seeded_sample(pool, most, seed) if generator is None else sample(pool, generator, most)
            self._shapes = shapes(x.tensor[:MAX_ROWS][indices.to(x.tensor.device)])

    def variation(self, corners: int) -> Result:
        from ._cv import variation, volumes_of

        if corners > self.rows:
            return without(f"fewer than {corners} rows")
        if corners - 1 > self.columns:
            return without(f"fewer than {corners - 1} columns")
        grams, distances = self._shapes
        return variation(*volumes_of(grams, distances, corners), corners)


def _functions() -> Dict[str, Callable[[Any, Mapping[str, Any]], Result]]:
    """What measures each other metric: of the matrix, and of those given beside it."""
    from . import _neighbours, _similarity, _spectral

    own = {
        name: getattr(module, name)
        for module in (_spectral, _neighbours)
        for name in METRICS
        if hasattr(module, name)
    }
    return {
        **{name: lambda x, _given, of=of: of(x) for name, of in own.items()},  # type: ignore[misc]
        "cka_previous": lambda x, given: _similarity.cka(x, given["earlier"]),
        "cka_initial": lambda x, given: _similarity.cka(x, given["initial"]),
        "update_norm": lambda x, given: _similarity.update_norm(x, given["earlier"]),
    }
