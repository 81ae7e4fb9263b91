"""Keras's fit on a tiny model, with the callback that it gets by itself and with the script's own."""

from __future__ import annotations

import os

import pytest

pytest_plugins = ["support.frameworks"]


@pytest.fixture
def model(recording, need, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", os.environ.get("KERAS_BACKEND", "jax"))
    keras = need("keras", os.environ["KERAS_BACKEND"])
    from pentachoron.integrations import _frameworks

    _frameworks.install()
    made = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(1)], name="tiny")
    made.compile(optimizer="sgd", loss="mse", metrics=["mae"])
    return made


def data():
    import numpy

    return numpy.ones((8, 3), "float32"), numpy.zeros((8, 1), "float32")


def test_with_nothing(model, recording):
    x, y = data()
    history = model.fit(x, y, batch_size=2, epochs=2, validation_split=0.5, verbose=0)
    assert [(b["source"], b["name"], b["total"]) for b in recording.begun] == [("keras", "tiny", 4)]
    assert [step for step, _ in recording.points("loss")] == [1, 2, 3, 4]
    assert [step for step, _ in recording.points("val/loss")] == [2, 4]
    assert [value for _, value in recording.points("epoch/mae")] == pytest.approx(history.history["mae"])
    assert recording.configs["optimizer"]["name"].lower() == "sgd" and recording.configs["parameters"] == 4
    assert recording.boundaries.count("framework") == 4 and recording.stop_handler is None
    model.fit(x, y, 2, 1, 0)
    assert len(recording.begun) == 2 and recording.finished == [("keras", 0)]


def test_the_scripts_own_and_by_place(model, recording):
    from pentachoron.integrations.keras import PentachoronCallback

    x, y = data()
    model.fit(x, y, 2, 1, 0, [PentachoronCallback(every=2)])
    assert [step for step, _ in recording.points("loss")] == [2, 4]
    assert recording.boundaries.count("framework") == 4


def test_stop(model, recording):
    x, y = data()
    real = recording.step_boundary

    def boundary(where="step"):
        real(where)
        if recording.boundaries.count("framework") == 3:
            recording.stop_handler()

    recording.step_boundary = boundary
    model.fit(x, y, batch_size=2, epochs=50, verbose=0)
    assert recording.boundaries.count("framework") <= 4
