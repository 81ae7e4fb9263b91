"""What may be asked of the metrics, what it does to torch, and what chance gives."""

from __future__ import annotations

import math
from typing import Any, List, Optional, Tuple

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("numpy")

from torch.utils._python_dispatch import TorchDispatchMode  # noqa: E402

import pentachoron  # noqa: E402
from pentachoron import _neighbours, _spectral  # noqa: E402
from pentachoron.metrics import METRICS, gaussian_null, measure  # noqa: E402
from support import geometry  # noqa: E402
from support.geometry import CORNERS, OF_LABELS, compare, noise  # noqa: E402


def test_blocks_of_rows_change_nothing(monkeypatch: Any) -> None:
    x = noise(3, 24, 12)[torch.arange(40) % 24]
    whole = measure(x, ["twonn", "power_law"])
    for module in (_neighbours, _spectral):
        monkeypatch.setattr(module, "BLOCK", 7 * len(x))
    assert measure(x, ["twonn", "power_law"]) == whole


def test_sets_are_drawn_from_the_seed_or_the_generator() -> None:
    x = noise(1, 600, 16)
    for name, corners in CORNERS.items():
        compare(measure(x, [name], sample_seed=3)[name], *geometry.cv(x.numpy(), corners, 3), 1e-9)
    generator = torch.Generator().manual_seed(3)
    assert measure(x, ["cv"], generator=generator) == measure(x, ["cv"], sample_seed=3)
    assert measure(x, "cv")["cv"].value == pytest.approx(pentachoron.cv(x), rel=1e-12)


class Reads(TorchDispatchMode):
    """Counts what would wait for a device: a tensor's number or its size asked for by the host."""

    WAITING = ("_local_scalar_dense", "nonzero", "masked_select", "unique", "is_nonzero", "equal.default")

    def __init__(self) -> None:
        super().__init__()
        self.seen: List[str] = []

    def __torch_dispatch__(self, operation: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if any(name in str(operation) for name in self.WAITING):
            self.seen.append(str(operation))
        return operation(*args, **(kwargs or {}))


def test_waits_for_nothing_and_leaves_torch_as_it_was() -> None:
    x = noise(1, 40, 12).float().requires_grad_()
    more = {"earlier": x.detach() * 2, "initial": x.detach() + 1}
    names = [name for name in METRICS if name not in OF_LABELS]
    expected = measure(x, names, **more)
    state = torch.get_rng_state()
    try:
        torch.set_default_dtype(torch.float16)
        with Reads() as reads:
            found = measure(x, names, **more)
        assert torch.get_default_dtype() == torch.float16
    finally:
        torch.set_default_dtype(torch.float32)
    assert reads.seen == []
    for name in names:
        # Where a copy stands in memory may change how LAPACK adds.
        compare(found[name], expected[name].value, expected[name].se, 1e-12)
    assert torch.equal(torch.get_rng_state(), state)
    assert x.grad is None


@pytest.mark.parametrize("name, rows, columns, value", [
    ("cv", 512, 8, 0.609), ("cv", 512, 16, 0.386), ("cv", 512, 64, 0.180), ("cv", 512, 256, 0.089),
    ("cv_3", 512, 2, math.sqrt((2 / (math.pi / 2)) * (1 / (2 / math.pi)) - 1)), ("cv_8", 512, 6, None),
    ("cv_8", 7, 16, None), ("participation_ratio", 101, 50, 5000 / 151), ("stable_rank", 100, 25, 2500 / 225),
    ("condition_number", 100, 25, 3), ("condition_number", 25, 25, None), ("anisotropy", 101, 25, 225 / 2500),
    ("mean_cosine", 9, 9, 0), ("nc3", 10, 64, 2), ("twonn", 100, 20, None),
])  # fmt: skip
def test_what_chance_gives(name: str, rows: int, columns: int, value: Optional[float]) -> None:
    found = gaussian_null(name, rows, columns)
    assert found is None if value is None else found == pytest.approx(value, abs=5e-4)


@pytest.mark.parametrize("name", ["cv", "cv_3", "cv_8", "participation_ratio", "stable_rank", "mean_cosine"])
def test_chance_gives_about_that(name: str) -> None:
    expected = gaussian_null(name, 2000, 40)
    assert measure(noise(8, 2000, 40), [name])[name].value == pytest.approx(expected, rel=0.1, abs=0.01)


def test_what_cannot_be_asked_is_said() -> None:
    x, labels = noise(1, 10, 4), torch.arange(10) % 2
    bad: List[Tuple[str, Any]] = [
        ("metrics must be of cv, cv_3, .* not 'foo'", lambda: measure(x, ["cv", "foo"])),
        ("metrics must name at least one", lambda: measure(x, [])),
        ("tensor must be real numbers of two dimensions", lambda: measure(x[0])),
        ("tensor must be real numbers", lambda: measure(torch.zeros(9, 9, dtype=torch.complex64))),
        ("earlier must be real numbers of two dimensions", lambda: measure(x, ["update_norm"], earlier=x[0])),
        ("labels must be given", lambda: measure(x, ["nc1"])),
        ("weight must be given", lambda: measure(x, ["nc3"], labels=labels)),
        ("labels must be 10 whole numbers", lambda: measure(x, ["nc1"], labels=labels[:9])),
        ("labels must be 10 whole numbers", lambda: measure(x, ["nc1"], labels=labels.float())),
        ("labels must be from 0, not -1", lambda: measure(x, ["nc1"], labels=labels - 1)),
        ("labels must be of 0 to 0", lambda: measure(x, ["nc3"], labels=labels, weight=x[:1])),
        ("weight must have 4 columns", lambda: measure(x, ["nc3"], labels=labels, weight=x[:2, :3])),
        ("bias must be 2 numbers", lambda: measure(x, ["nc4"], labels=labels, weight=x[:2], bias=x[0])),
    ]
    for message, ask in bad:
        with pytest.raises(ValueError, match=message):
            ask()
