"""Which optimizer a loss is told of, by what its backward filled."""

from __future__ import annotations

import gc
import time
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from pentachoron import _losses  # noqa: E402
from pentachoron._losses import Losses  # noqa: E402


class Two:
    """Two layers with an optimizer each."""

    def __init__(self) -> None:
        self.losses = Losses()
        self.layers = [torch.nn.Linear(3, 3, bias=False) for _ in range(2)]
        self.optimizers = [torch.optim.SGD(layer.parameters(), lr=0.1) for layer in self.layers]
        for optimizer in self.optimizers:
            self.losses.know(optimizer)

    def backward(self, value: int, *through: int, **how: Any) -> None:
        loss = self.losses.add(value)
        marks = self.losses.marks()
        x = torch.ones(2, 3)
        for index in through:
            x = self.layers[index](x)
        x.sum().backward(**how)
        if marks is not None:
            self.losses.filled(loss, marks)

    def take(self, index: int) -> Any:
        return self.losses.take(self.optimizers[index])


@pytest.mark.filterwarnings("ignore:Using backward")
@pytest.mark.parametrize("how", [{}, {"create_graph": True}])
def test_a_loss_of_its_own_goes_before_one_that_is_shared(how: Any) -> None:
    two = Two()
    # From the second round on there are gradients already, which are added to.
    for _round in range(3):
        two.backward(1, 0, 1, **how)
        two.backward(2, 1, **how)
        two.backward(3, 1, **how)
        assert two.take(1) == [2, 3]
        assert two.take(0) == [1]
        assert len(two.losses) == 0


def test_what_is_shared_goes_to_the_first_that_steps() -> None:
    two = Two()
    two.backward(1, 0, 1)
    two.backward(2, 0, 1)
    assert (two.take(1), two.take(0)) == ([1, 2], [])


def test_what_fills_nobodys_gradients_goes_to_the_first_that_steps() -> None:
    two = Two()
    two.losses.filled(two.losses.add(1), two.losses.marks() or [])
    assert (two.take(1), two.take(0)) == ([1], [])


def test_an_optimizer_that_nobody_knows_takes_all() -> None:
    two = Two()
    two.backward(1, 0)
    two.backward(2, 1)
    assert two.losses.take(torch.optim.SGD(two.layers[0].parameters(), lr=0.1)) == [1, 2]


def test_parameters_that_come_later_are_seen_and_none_is_kept_alive() -> None:
    two = Two()
    two.backward(1, 0)
    assert (two.take(1), two.take(0)) == ([], [1])
    late = torch.nn.Linear(3, 3, bias=False)
    two.optimizers[1].add_param_group({"params": list(late.parameters())})
    two.layers.append(late)
    two.backward(2, 2)
    assert (two.take(0), two.take(1)) == ([], [2])
    del two.optimizers[1]
    gc.collect()
    assert two.losses.marks() is None


def test_losses_of_steps_that_never_come_do_not_fill_the_memory(monkeypatch: Any) -> None:
    monkeypatch.setattr(_losses, "MOST_PENDING", 3)
    two = Two()
    for value in range(9):
        two.backward(value, 0)
    assert two.take(0) == [6, 7, 8]


def test_looking_at_gradients_costs_microseconds() -> None:
    two = Two()
    model = torch.nn.Sequential(*[torch.nn.Linear(4, 4) for _ in range(100)])
    big = torch.optim.Adam(model.parameters())
    two.losses.know(big)
    costs = []
    for _ in range(500):
        loss = two.losses.add(1)
        began = time.perf_counter()
        two.losses.filled(loss, two.losses.marks() or [])
        costs.append(time.perf_counter() - began)
        two.losses.take(big)
    print(f"three optimizers, 202 parameters: {sorted(costs)[250] * 1e6:.1f} us a backward")
    assert sorted(costs)[250] < 500e-6


def test_losses_whose_gradients_were_thrown_away_are_of_no_step() -> None:
    two = Two()
    for value in range(5):
        # As a critic that steps at every fifth round alone.
        two.optimizers[1].zero_grad()
        two.backward(value, 1)
        two.optimizers[0].zero_grad()
        two.backward(10 + value, 0)
        assert two.take(0) == [10 + value]
    assert two.take(1) == [4]
    # What is added up is thrown away together alone.
    two.optimizers[1].zero_grad()
    two.backward(6, 1)
    two.backward(7, 1)
    assert two.take(1) == [6, 7]
