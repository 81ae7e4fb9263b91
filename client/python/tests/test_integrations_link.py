"""What reaches the session, what it costs, and that nothing of it reaches the script as an error."""

from __future__ import annotations

import math
import statistics
import time
from decimal import Decimal

import pytest

pytest_plugins = ["support.frameworks"]


class Stopped(SystemExit):
    """As ``pentachoron.Stopped``: no ``Exception``."""


def test_a_session_that_fails_is_one_warning(recording, stand_in_wandb, capfd):
    def fail(*args, **kwargs):
        raise RuntimeError("broken")

    recording.log = fail
    run = stand_in_wandb.init()
    run.log({"a": 1})
    run.log({"a": 2})
    assert capfd.readouterr().err.count("broken") == 1


def test_a_stop_passes_through(recording, stand_in_wandb):
    def stop(where="step"):
        raise Stopped(0)

    recording.step_boundary = stop
    with pytest.raises(Stopped):
        stand_in_wandb.init().log({"a": 1})


def test_without_a_session_nothing_breaks(stand_in_wandb):
    from pentachoron.integrations import _link

    class Nothing:
        current = None

    _link.use(Nothing())
    run = stand_in_wandb.init(name="n")
    run.log({"a": 1})
    assert run.name == "n" and run.url == "" and len(run.id) == 8
    run.finish()


def test_a_soft_run_gives_way_to_one_that_was_asked_for(recording):
    from pentachoron.integrations import _link

    soft = _link.begin_soft("tensorboard", name="a")
    assert _link.begin_soft("transformers", name="b") is soft
    assert _link.begin("wandb", name="c", config={"x": 1}) is soft
    assert recording.described == {"name": "c"} and recording.configs == {"x": 1}
    assert _link.begin_soft("tensorboard", name="d") is soft and _link.owns("wandb")
    _link.finish("wandb")
    assert _link.begin_soft("tensorboard", name="e") is not soft
    _link.begin_soft("tensorboard", name="f")
    assert [b["name"] for b in recording.begun] == ["a", "e", "f"]
    assert recording.finished == [("wandb", 0), ("tensorboard", 0)]


def test_two_libraries_at_once_are_one_run_and_tell_once(recording, stand_in_wandb):
    from pentachoron.integrations import _link

    stand_in_wandb.init(name="w")
    _link.begin("trackio", name="t", config={"x": 1})
    assert [b["name"] for b in recording.begun] == ["w"] and recording.configs == {"x": 1}
    for step in (1, 2):
        stand_in_wandb.log({"loss": step}, step=step)
        _link.log("trackio", {"loss": step, "own": step}, step)
    _link.log("trackio", {"loss": 3}, 3)
    assert recording.points("loss") == [(1, 1), (2, 2), (3, 3)] and recording.points("own") == [(1, 1), (2, 2)]
    _link.finish("trackio")
    assert recording.finished == []
    stand_in_wandb.finish()
    assert recording.finished == [("wandb", 0)]


def test_numbers_of_every_kind(need):
    from pentachoron._values import plain, read_number as number

    assert number(True) == 1 and number(Decimal("1.5")) == 1.5 and math.isnan(number(float("nan")))
    assert number("1") is None and number([1]) is None and number(None) is None and number(1j) is None
    numpy = need("numpy")
    assert number(numpy.float32(0.5)) == 0.5 and number(numpy.array([2])) == 2 and number(numpy.ones(2)) is None
    torch = need("torch")
    assert number(torch.tensor(3.0, requires_grad=True)) == 3 and number(torch.ones(2)) is None
    assert plain({"a": float("inf"), 1: (numpy.int64(3), {2})}) == {"a": "Infinity", "1": [3, [2]]}
    assert plain(torch.device("cpu")) == "cpu"


def test_a_call_costs_little(recording, stand_in_wandb):
    run = stand_in_wandb.init()
    values = {"loss": 0.5, "acc": 0.25, "lr": 1e-3, "epoch": 2}
    took = []
    for step in range(2000):
        begin = time.perf_counter()
        run.log(values, step=step)
        took.append(time.perf_counter() - begin)
    assert statistics.median(took) < 50e-6


def test_a_long_list_in_a_config_is_cut_with_a_word(monkeypatch):
    from pentachoron import _values

    told = []
    monkeypatch.setattr(_values, "warn_once", lambda key, message: told.append(message))
    assert _values.plain({"few": [1, 2], "many": range_of(1001)}) == {"few": [1, 2], "many": range_of(1000)}
    assert told == ["of a list of 1001 in a config the first 1000 are noted"]


def range_of(count):
    return list(range(count))
