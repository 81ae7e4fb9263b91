"""Every metric against an oracle in numpy, where it is known in closed form, and where it has no value."""

from __future__ import annotations

import math
from typing import Any, Dict, Iterator, List, Optional, Tuple

import pytest

torch = pytest.importorskip("torch")
np = pytest.importorskip("numpy")

from pentachoron.metrics import METRICS, Measured, measure  # noqa: E402
from support import geometry  # noqa: E402
from support.geometry import CORNERS, OF_LABELS, compare, noise  # noqa: E402

OF_ONE = [name for name, metric in METRICS.items() if not metric.needs]
DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]


def clouds() -> Dict[str, Any]:
    """Gaussian ones of more and fewer rows than columns, and ones that are hard."""
    spectrum = torch.exp(-0.3 * torch.arange(16, dtype=torch.float64))
    rows = noise(3, 24, 12)
    return {
        "tall": noise(1, 600, 16),
        "wide": noise(2, 20, 48),
        "square": noise(4, 32, 32),
        "anisotropic": noise(5, 200, 16) * spectrum,
        "far from the origin": noise(6, 100, 12) + 300,
        "duplicates": rows[torch.arange(40) % 24],
        "zero rows": torch.cat([rows, torch.zeros(3, 12, dtype=torch.float64)]),
        "small": noise(7, 64, 10) * 0.1,
    }


CLOUDS = clouds()


def expected_of(name: str, x: Any) -> Tuple[float, Optional[float]]:
    if name in CORNERS:
        return geometry.cv(x, CORNERS[name])
    if name == "weight_norm":
        return float(np.linalg.norm(x)), None
    value = getattr(geometry, name)(x)
    return value if isinstance(value, tuple) else (value, None)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype, tolerance", [(torch.float64, 1e-9), (torch.float32, 1e-5)])
@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_metric_of_a_matrix_is_that_of_the_oracle(cloud: str, dtype: Any, tolerance: float, device: str) -> None:
    found = measure(CLOUDS[cloud].to(dtype).to(device), OF_ONE)
    assert list(found) == OF_ONE
    for name in OF_ONE:
        compare(found[name], *expected_of(name, CLOUDS[cloud].to(dtype).double().numpy()), tolerance)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("classes, columns, offset", [(4, 12, 0.0), (10, 6, 0.0), (5, 8, 100.0), (2, 3, 0.0)])
def test_neural_collapse_is_that_of_the_oracle(classes: int, columns: int, offset: float, device: str) -> None:
    labels = torch.randint(0, classes, (300,), generator=torch.Generator().manual_seed(1))
    features = noise(2, 300, columns) + noise(3, classes, columns)[labels] * 2 + offset
    weight, bias = noise(4, classes, columns), noise(5, classes)
    given = {"labels": labels.to(device), "weight": weight.to(device), "bias": bias.to(device)}
    found = measure(features.to(device), OF_LABELS, **given)
    h, y, w, b = features.numpy(), labels.numpy(), weight.numpy(), bias.numpy()
    compare(found["nc1"], geometry.nc1(h, y), None, 1e-9)
    compare(found["nc2"], geometry.nc2(h, y), None, 1e-9)
    compare(found["nc3"], geometry.nc3(h, y, w), None, 1e-9)
    compare(found["nc4"], *geometry.nc4(h, y, w, b), 1e-9)


def test_classes_without_samples_count_nowhere() -> None:
    labels = torch.tensor([0, 2, 5]).repeat(20)
    features = noise(1, 60, 7) + noise(2, 6, 7)[labels]
    weight = noise(3, 6, 7)
    found = measure(features, OF_LABELS, labels=labels, weight=weight)
    h, y, w = features.numpy(), labels.numpy(), weight.numpy()
    compare(found["nc1"], geometry.nc1(h, y), None, 1e-9)
    compare(found["nc2"], geometry.nc2(h, y), None, 1e-9)
    compare(found["nc3"], geometry.nc3(h, y, w), None, 1e-9)
    compare(found["nc4"], *geometry.nc4(h, y, w, np.zeros(6)), 1e-9)


@pytest.mark.parametrize("rows, columns, others", [(60, 8, 8), (60, 8, 20), (10, 30, 40), (10, 30, 5)])
def test_what_changed_is_that_of_the_oracle(rows: int, columns: int, others: int) -> None:
    x, y = noise(1, rows, columns), noise(2, rows, others)
    y[:, : min(columns, others)] += x[:, : min(columns, others)]
    found = measure(x, ["cka_previous", "cka_initial", "update_norm"], earlier=y, initial=x * 3 + 1)
    compare(found["cka_previous"], geometry.cka(x.numpy(), y.numpy()), None, 1e-9)
    compare(found["cka_initial"], 1, None, 1e-12)
    if columns == others:
        compare(found["update_norm"], float(np.linalg.norm(x.numpy() - y.numpy())), None, 1e-9)
    else:
        assert found["update_norm"] == (None, None, "another shape")


def test_closed_forms() -> None:
    rotation = torch.linalg.qr(noise(1, 16, 16))[0]
    found = measure(rotation, OF_ONE)
    assert found["effective_rank"].value == pytest.approx(16, rel=1e-4)  # 1e-7 is added to each share.
    assert found["stable_rank"].value == pytest.approx(16)
    assert found["condition_number"].value == pytest.approx(1)
    assert found["spectral_entropy"].value == pytest.approx(math.log(16))
    assert found["weight_norm"].value == pytest.approx(4)
    # Two points each way along every axis: the variance is the same in every direction, and no cosine is left over.
    cross = torch.cat([torch.eye(6), -torch.eye(6)])
    found = measure(cross, OF_ONE)
    assert found["participation_ratio"].value == pytest.approx(6)
    assert found["anisotropy"].value == pytest.approx(1 / 6)
    assert found["isoscore"].value == pytest.approx(1)
    assert found["mean_cosine"].value == pytest.approx(-6 / 66)
    # On a line nothing is used but one dimension.
    line = torch.linspace(0, 1, 30, dtype=torch.float64)[:, None].square() * torch.ones(4)
    found = measure(line, OF_ONE)
    assert found["participation_ratio"].value == found["anisotropy"].value == pytest.approx(1)
    assert found["isoscore"].value == pytest.approx(0, abs=1e-12)
    assert found["mean_cosine"].value == pytest.approx(1)
    assert found["condition_number"].reason == "singular"
    # Corners of a regular simplex have one volume, over and over.
    corners = measure(torch.eye(12, dtype=torch.float64), list(CORNERS))
    assert all(each.value == pytest.approx(0, abs=1e-7) for each in corners.values())


def test_a_collapsed_classifier() -> None:
    means = torch.eye(5, dtype=torch.float64) - 1 / 5
    labels = torch.arange(50) % 5
    found = measure(means[labels] + 7, OF_LABELS, labels=labels, weight=means * 3)
    assert [found[name].value for name in OF_LABELS] == pytest.approx([0, 0, 0, 0], abs=1e-14)


def test_the_exponent_and_the_dimension_that_were_put_in_are_found() -> None:
    quantiles = (torch.arange(400, dtype=torch.float64) + 0.5) / 400
    eigenvalues = (1 - quantiles) ** (-1 / 1.5)  # Pareto of exponent 2.5
    found = measure(torch.diag(eigenvalues.sqrt()), ["power_law"])["power_law"]
    assert found.value is not None and found.se is not None and abs(found.value - 2.5) < 3 * found.se
    flat = torch.rand(2000, 3, generator=torch.Generator().manual_seed(0)) @ noise(1, 3, 20).float()
    found = measure(flat, ["twonn"])["twonn"]
    assert found.value is not None and found.se is not None and abs(found.value - 3) < 4 * found.se


NO_VALUE: List[Tuple[str, Any, Dict[str, str]]] = [
    ("zeros", torch.zeros(20, 10), {
        "effective_rank": "all zero", "stable_rank": "all zero", "spectral_entropy": "all zero",
        "condition_number": "singular", "participation_ratio": "all rows equal", "anisotropy": "all rows equal",
        "isoscore": "all rows equal", "mean_cosine": "fewer than 2 nonzero rows", "cv": "fewer than 10 valid samples",
        "twonn": "fewer than 5 distinct rows", "power_law": "fewer than 8 eigenvalues",
    }),
    # A mean of equal rows need not be one of them: 0.1 is no binary fraction.
    ("equal rows", torch.full((21, 10), 0.1, dtype=torch.float64) * torch.arange(1, 11), {
        "participation_ratio": "all rows equal", "anisotropy": "all rows equal", "isoscore": "all rows equal",
        "condition_number": "singular", "cv_3": "fewer than 10 valid samples", "twonn": "fewer than 5 distinct rows",
    }),
    ("one row", noise(1, 1, 10), {
        "participation_ratio": "fewer than 2 rows", "anisotropy": "fewer than 2 rows", "isoscore": "fewer than 2 rows",
        "mean_cosine": "fewer than 2 nonzero rows", "cv": "fewer than 5 rows", "cv_8": "fewer than 8 rows",
    }),
    ("four rows", noise(1, 4, 10), {"cv": "fewer than 5 rows", "twonn": "fewer than 5 distinct rows"}),
    ("few columns", noise(1, 30, 1), {
        "isoscore": "fewer than 2 columns", "cv_3": "fewer than 2 columns", "cv": "fewer than 4 columns",
    }),
    ("few distinct rows", noise(1, 4, 8).repeat(9, 1), {
        "twonn": "fewer than 5 distinct rows", "cv": "fewer than 10 valid samples",
    }),
    ("an even grid", torch.arange(20.0)[:, None], {"twonn": "all ratios are 1"}),
    ("equal eigenvalues", torch.eye(12), {"power_law": "all eigenvalues equal", "twonn": "all ratios are 1"}),
]  # fmt: skip


@pytest.mark.parametrize("tensor, reasons", [case[1:] for case in NO_VALUE], ids=[case[0] for case in NO_VALUE])
def test_what_has_no_value_says_why(tensor: Any, reasons: Dict[str, str]) -> None:
    found = measure(tensor, OF_ONE)
    assert {name: found[name] for name in reasons} == {name: (None, None, why) for name, why in reasons.items()}
    for each in found.values():
        assert (each.value is None) == (each.reason is not None)
        assert each.value is None or math.isfinite(each.value)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_or_empty_has_no_value(bad: float) -> None:
    x = noise(1, 30, 12)
    labels, weight = torch.arange(30) % 3, noise(2, 3, 12)
    broken = x.clone()
    broken[7, 3] = bad
    more: Any = {"labels": labels, "weight": weight, "earlier": x, "initial": x}
    assert set(measure(broken, METRICS, **more).values()) == {Measured(None, None, "not finite")}
    found = measure(x, METRICS, **{**more, "earlier": broken, "initial": broken, "weight": broken[5:8]})
    for name in ("cka_previous", "cka_initial", "update_norm", "nc3", "nc4"):
        assert found[name] == (None, None, "not finite")
    empty = {**more, "labels": labels[:0]}
    assert set(measure(x[:0], METRICS, **empty).values()) == {Measured(None, None, "empty")}


def test_classes_and_earlier_matrices_without_a_value() -> None:
    x, weight = noise(1, 30, 6), noise(2, 3, 6)
    one = measure(x, OF_LABELS, labels=torch.ones(30, dtype=torch.long), weight=weight)
    assert set(one.values()) == {Measured(None, None, "fewer than 2 classes")}
    means = measure(x.repeat(2, 1), OF_LABELS, labels=torch.arange(60) // 30, weight=weight)
    assert set(means.values()) == {Measured(None, None, "all class means equal")}
    zero = measure(x, OF_LABELS, labels=torch.arange(30) % 3, weight=weight * 0)
    assert zero["nc3"].reason == "weight all zero" and zero["nc4"].value is not None
    found = measure(x, ["cka_previous", "cka_initial"], initial=x[:20])
    assert [each.reason for each in found.values()] == ["no earlier matrix", "another number of rows"]
    assert measure(x, ["cka_initial"], initial=torch.ones(30, 2))["cka_initial"].reason == "all rows equal"


@pytest.mark.parametrize("size", [1e-150, 1e150])
def test_squares_neither_overflow_nor_vanish(size: float) -> None:
    x = CLOUDS["tall"]
    names = [name for name in OF_ONE if name not in CORNERS]
    for name, each in measure(x * size, names).items():
        factor = size if name == "weight_norm" else 1
        assert each.value == pytest.approx(measure(x, [name])[name].value * factor, rel=1e-9)


@pytest.mark.parametrize("corners", [3, 4, 6, 7, 8])
def test_the_cv_of_other_simplices_does_not_depend_on_the_scale(corners: int) -> None:
    tensor = torch.randn(64, 10, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    name = f"cv_{corners}"
    one, small = (measure(factor * tensor, [name])[name] for factor in (1.0, 2.0**-20))
    assert small.value == pytest.approx(one.value, rel=1e-12)
    assert small.se == pytest.approx(one.se, rel=1e-9)
