"""A model that is watched by more than its CVs."""

from __future__ import annotations

import json
import time
from typing import Any, Dict, List, Tuple

import pytest

torch = pytest.importorskip("torch")

from pentachoron._launch import parsed  # noqa: E402
from pentachoron._run import Run  # noqa: E402
from pentachoron._watch import Watch  # noqa: E402
from pentachoron.metrics import METRICS, measure  # noqa: E402
from support.server import Server, until  # noqa: E402

SCRIPT = """
import json, os, time, torch
torch.manual_seed(0)
model = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))
x, y = torch.randn(32, 8), torch.randn(32, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(10):
    opt.zero_grad(); ((model(x) - y) ** 2).mean().backward(); opt.step()
    time.sleep(0.1)
while not os.path.exists("seen"):
    time.sleep(0.05)
from pentachoron.metrics import measure
print(json.dumps({name: each.value for name, each in measure(model[0].weight, ["cv", "cv_3", "twonn"]).items()}))
"""
FLAGS = ("--watch", "5", "--watch-metrics", "cv,cv_3,twonn,weight_norm,update_norm,cka_initial")


def test_the_launcher_tells_every_metric_beside_the_cv(server: Server, program: Any, tmp_path: Any) -> None:
    process = program(SCRIPT, *FLAGS)

    def columns() -> Any:
        return server.get(f"/api/runs/{server.runs()[0]['id']}/frames")["columns"] if server.runs() else []

    until(lambda: "cv/0.weight" in columns() and 10 in server.series(server.runs()[0]["id"], "cv/0.weight"))
    (tmp_path / "seen").touch()
    out, err = process.communicate(timeout=300)
    assert (process.returncode, err) == (0, "")
    (run,) = server.runs()
    last = json.loads(out)
    assert server.series(run["id"], "cv/0.weight")[10] == pytest.approx(last["cv"], rel=1e-12)
    assert server.series(run["id"], "cv/0.weight:cv_3")[10] == pytest.approx(last["cv_3"], rel=1e-12)
    assert server.series(run["id"], "cv/0.weight:twonn")[10] == pytest.approx(last["twonn"], rel=1e-12)
    # A matrix of one row has a norm and nothing else; the first measurement has none before it.
    assert set(server.series(run["id"], "cv/2.weight:weight_norm")) == {1, 5, 10}
    assert set(server.series(run["id"], "cv/0.weight:update_norm")) == {5, 10}
    assert set(server.series(run["id"], "cv/0.weight:cka_initial")) == {5, 10}
    assert not {"cv/2.weight", "cv/2.weight:cka_initial"} & set(columns())


class Heard:
    """A run that keeps what it is told."""

    is_finished = False

    def __init__(self) -> None:
        self.told: List[Tuple[float, Dict[str, float]]] = []

    def _log(self, values: Dict[str, float], step: float, _commit: bool, _at: Any) -> None:
        self.told.append((step, values))


def test_compares_with_the_measurement_before_and_with_the_first() -> None:
    model = torch.nn.Linear(6, 9)
    matrices = [torch.randn(9, 6, generator=torch.Generator().manual_seed(step)) for step in range(3)]
    run: Any = Heard()
    with torch.no_grad():
        model.weight.copy_(matrices[0])
        watch = Watch(run, model, 1, ["cka_previous", "cka_initial", "update_norm", "effective_rank"])
        for step in (1, 2):
            until(lambda: len(run.told) == step)
            model.weight.copy_(matrices[step])
            watch.step()
        until(lambda: len(run.told) == 3)
    watch.remove()
    assert [step for step, _values in run.told] == [0, 1, 2]
    names = ["cka_previous", "cka_initial", "update_norm", "effective_rank"]
    for step, values in run.told:
        given = {"earlier": matrices[step - 1], "initial": matrices[0]} if step > 0 else {}
        expected = measure(matrices[step], names, **given)
        told = {f"cv/weight:{name}": each.value for name, each in expected.items() if each.value is not None}
        assert values == pytest.approx(told, rel=1e-12)
    assert set(run.told[0][1]) == {"cv/weight:effective_rank"}


def test_copies_no_more_rows_than_the_metrics_look_at() -> None:
    run: Any = Heard()
    copied: List[int] = []

    class Counting(Watch):
        def _values(self, name: str, copy: Any) -> Dict[str, float]:
            copied.append(len(copy))
            return super()._values(name, copy)

    for metrics, rows in ((("cv", "cv_8"), 512), (("cv", "weight_norm"), 600)):
        watch = Counting(run, torch.nn.Linear(8, 600), 1, metrics)
        until(lambda: copied[-1:] == [rows])
        watch.remove()


def test_what_goes_wrong_stays_out_of_the_training(monkeypatch: Any) -> None:
    run: Any = Heard()
    model = torch.nn.Sequential(torch.nn.Linear(6, 9), torch.nn.Linear(9, 9))
    with torch.no_grad():
        model[0].weight.fill_(float("nan"))
    watch = Watch(run, model, 1, [name for name, metric in METRICS.items() if not metric.needs])
    until(lambda: len(run.told) == 1)
    assert {name.split(":")[0] for name in run.told[0][1]} == {"cv/1.weight"}

    def broken(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("out of luck")

    monkeypatch.setattr("pentachoron._watch.measure", broken)
    watch.step()
    monkeypatch.undo()
    time.sleep(0.2)
    watch.step()
    until(lambda: run.told[-1][0] == 2)
    watch.remove()


@pytest.mark.parametrize("metrics, message", [
    (("cv", "foo"), "metrics must be of cv, cv_3, .*effective_rank.* not 'foo'"),
    ((), "metrics must name at least one of cv, "),
    (("nc1",), "metrics must not hold nc1: it needs features and their labels"),
])  # fmt: skip
def test_an_unknown_metric_is_refused_with_what_is_allowed(metrics: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Run.watch(Heard(), torch.nn.Linear(6, 9), metrics=metrics)  # type: ignore[arg-type]


@pytest.mark.parametrize("flags, message", [
    (("--watch", "5", "--watch-metrics", "cv,foo"), "metrics must be of cv, cv_3"),
    (("--watch", "--watch-metrics", "nc4"), "metrics must not hold nc4"),
    (("--watch", "--watch-metrics", ""), "metrics must be of cv"),
    (("--watch-metrics", "cv"), "--watch-metrics needs --watch"),
])  # fmt: skip
def test_bad_usage_ends_with_2(flags: Any, message: str, capsys: Any) -> None:
    with pytest.raises(SystemExit) as ended:
        parsed([*flags, "script.py"])
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


def test_flags_before_the_script_are_ours_and_those_behind_its_own() -> None:
    options, rest = parsed(["--watch", "--watch-metrics", "cv_3,twonn", "script.py", "--watch-metrics", "x"])
    assert (options.watch, options.watch_metrics, options.target) == (100, ("cv_3", "twonn"), "script.py")
    assert rest == ["--watch-metrics", "x"]
    assert parsed(["--watch", "7", "script.py"])[0].watch_metrics == ("cv",)
