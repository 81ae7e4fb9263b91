"""A server of nothing but the protocol's [P] rules, in this process: strict about what it is told, and faulty on demand.

It refuses what the real server refuses, and keeps each refusal in ``violations``, so that a client that sends something
wrong fails its test even where it goes on. It can lose answers after storing, be slow, vanish, and come back without
what it had not acknowledged.
"""

from __future__ import annotations

import json
import math
import re
import secrets
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable
from urllib.parse import parse_qs, urlsplit

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,63}")
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_OPENING = set(
    "id resume name notes tags project group config total stepName host command git accepts controls requestId".split()
)
_CHANGE = {"config", "summary", "controls", "name", "notes", "tags", "total", "accepts"}
_ACTIONS = {"pause", "resume", "stop", "checkpoint", "set"}
_REPORTED = {"paused", "running", "stopped", "completed", "failed"}
_SPECIAL = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
KILO, MEGA = 64 * 1024, 2**20


class Refused(Exception):
    def __init__(self, status: int, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.status, self.code, self.details = status, code, details


class FakeRun:
    """A run with everything that was stored of it."""

    def __init__(self, run_id: str, opening: dict[str, Any]) -> None:
        self.id = run_id
        self.opening = opening
        self.name: str = opening.get("name", run_id)
        self.config: dict[str, Any] = dict(opening.get("config", {}))
        self.summary: dict[str, Any] = {}
        self.controls: dict[str, Any] = {}
        self.accepts: list[str] = opening.get("accepts", [])
        self.patches: list[dict[str, Any]] = []
        self.frames: list[dict[str, Any]] = []
        self.lines: list[dict[str, Any]] = []
        self.states: list[dict[str, Any]] = []
        self.requests: dict[str, int] = {}
        self.counts: dict[str, dict[str, int]] = {}
        self.control: dict[str, Any] = {"control": "run", "version": 1}
        self.order: list[str] = []

    @property
    def status(self) -> str:
        return str(self.states[-1]["status"]) if self.states else "running"

    @property
    def message(self) -> str:
        return str(self.states[-1].get("message", "")) if self.states else ""

    @property
    def output(self) -> list[str]:
        return [line["text"] for line in self.lines]

    def points(self, name: str) -> list[tuple[float, float]]:
        """(step, value) of a series, in the order in which they came."""
        return [(f["step"], _value(f["values"][name])) for f in self.frames if name in f["values"]]

    def values(self, name: str) -> list[float]:
        return [value for _step, value in self.points(name)]


def _value(sent: Any) -> float:
    return _SPECIAL[sent] if isinstance(sent, str) else sent


class FakeServer:
    """At a port of its own, which it keeps when it comes back."""

    def __init__(self, token: str | None = None) -> None:
        self.token = token
        self.runs: dict[str, FakeRun] = {}
        self.tokens: dict[str, tuple[str, str]] = {}  # ingest token: run, writer
        self.by_request: dict[str, tuple[str, str]] = {}
        self.violations: list[str] = []
        self.requests = 0
        self.delay = 0.0
        #: Answers to lose, each after what it answers was stored.
        self.lose = 0
        #: Answers to lose before anything is stored.
        self.drop = 0
        #: A status to answer with in place of doing anything.
        self.fail: int | None = None
        self._changed = threading.Condition()
        self._sockets: set[socket.socket] = set()
        self.port = 0
        self._http: ThreadingHTTPServer | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        handler = type("Handler", (_Handler,), {"fake": self})
        self._http = _Http(("127.0.0.1", self.port), handler)
        self.port = self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def kill(self) -> None:
        """Cuts every connection, whatever is being said on it."""
        if self._http is None:
            return
        http, self._http = self._http, None
        http.shutdown()
        http.server_close()
        for each in list(self._sockets):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        with self._changed:
            self._changed.notify_all()

    def replace(self) -> None:
        """Another server in its place, which knows nothing of any run."""
        with self._changed:
            self.runs, self.tokens, self.by_request = {}, {}, {}

    @property
    def run(self) -> FakeRun:
        """The only run."""
        (only,) = self.runs.values()
        return only

    def named(self, name: str) -> FakeRun:
        return next(run for run in self.runs.values() if run.name == name)

    def ask(self, run: FakeRun, **asked: Any) -> None:
        """What a viewer wants: ``control``, ``values``, ``checkpoint``."""
        with self._changed:
            run.control = {**run.control, **asked, "version": run.control["version"] + 1}
            self._changed.notify_all()

    # The calls

    def handle(self, method: str, target: str, token: str | None, read: Callable[[], bytes], kind: str) -> tuple[int, Any]:
        url = urlsplit(target)
        body = read()
        parts = url.path.strip("/").split("/")
        with self._changed:
            self.requests += 1
            if self.fail is not None:
                raise Refused(self.fail, "unavailable", "as the test wants it")
            if method == "POST" and parts == ["api", "runs"]:
                return 201, self._open(self._json(body, KILO), token)
            if len(parts) not in (3, 4) or parts[:2] != ["api", "runs"]:
                raise Refused(404, "not_found", f"no such call: {method} {target}")
            if token not in self.tokens:
                raise Refused(401, "unauthorized", "an ingest token is needed")
            run_id, writer = self.tokens[token or ""]
            if run_id != parts[2]:
                raise Refused(403, "forbidden", "the token is another run's")
            run, what = self.runs[run_id], parts[3] if len(parts) == 4 else ""
            if method == "GET" and what == "control":
                return 200, self._wait(run, parse_qs(url.query))
            if method == "PATCH" and what == "":
                self._patch(run, self._json(body, KILO))
                return 200, {"id": run.id}
            if method != "POST" or what not in ("frames", "output", "state"):
                raise Refused(404, "not_found", f"no such call: {method} {target}")
            if what == "frames":
                if kind == "application/x-ndjson":
                    rows = [json.loads(line) for line in body.splitlines() if line]
                    _need(len(body) <= MEGA, "the body is too large")
                else:
                    rows = self._json(body, MEGA)
                stored = self._frames(run, writer, rows)
            else:
                sent = self._json(body, MEGA if what == "output" else KILO)
                stored = self._output(run, writer, sent) if what == "output" else self._state(run, writer, sent)
            return 200, {"nextSeq": stored, **run.control}

    def _json(self, body: bytes, most: int) -> Any:
        if len(body) > most:
            raise Refused(413, "too_large", f"the body has {len(body)} bytes")
        return json.loads(body.decode("utf-8"), parse_constant=_no_json)

    def _open(self, given: dict[str, Any], token: str | None) -> dict[str, Any]:
        if self.token is not None and token != self.token:
            raise Refused(401, "unauthorized", "a token is needed")
        _need(set(given) <= _OPENING, f"unknown fields: {set(given) - _OPENING}")
        _described(given)
        _need(isinstance(given.get("command", ""), str), "command")
        request, run_id = given.get("requestId"), given.get("id") or secrets.token_hex(4)
        _need(_ID.fullmatch(run_id), f"id {run_id!r}")
        if request is not None and request in self.by_request:
            run_id, writer = self.by_request[request]
        else:
            resume = given.get("resume", "never")
            if run_id in self.runs and resume == "never":
                raise Refused(409, "conflict", "there is such a run")
            if run_id not in self.runs and resume == "must":
                raise Refused(404, "not_found", "there is no such run")
            writer = secrets.token_hex(4)
            self.runs.setdefault(run_id, FakeRun(run_id, given)).counts[writer] = {"frames": 0, "output": 0, "state": 0}
            if request is not None:
                self.by_request[request] = (run_id, writer)
        self.tokens = {key: value for key, value in self.tokens.items() if value != (run_id, writer)}
        ingest = secrets.token_hex(16)
        self.tokens[ingest] = (run_id, writer)
        stored = self.runs[run_id].counts[writer]["frames"]
        return {"id": run_id, "writer": writer, "ingestToken": ingest, "nextSeq": stored}

    def _frames(self, run: FakeRun, writer: str, rows: list[dict[str, Any]]) -> int:
        for index, row in enumerate(rows):
            _need(set(row) - {"writer"} == {"seq", "step", "at", "values"}, f"fields of a frame: {sorted(row)}")
            _need(isinstance(row["step"], (int, float)) and math.isfinite(row["step"]), f"step {row['step']!r}")
            _need(isinstance(row["at"], (int, float)) and 0 <= row["at"] <= 8.64e15, f"at {row['at']!r}")
            _need(row["seq"] == rows[0]["seq"] + index, "seq must count up without a gap")
            _need(len(row["values"]) <= 1000, "values")
            for name, value in row["values"].items():
                _need(1 <= _length(name) <= 200 and not _FORBIDDEN.search(name), f"name {name!r}")
                known = isinstance(value, (int, float)) and not isinstance(value, bool) or value in _SPECIAL
                _need(known, f"value {value!r} of {name}")
        return self._store(run, writer, "frames", rows[0]["seq"] if rows else 0, rows, run.frames)

    def _output(self, run: FakeRun, writer: str, sent: dict[str, Any]) -> int:
        _need(set(sent) - {"writer"} == {"seq", "lines"}, f"fields of output: {sorted(sent)}")
        lines = [{"text": line} if isinstance(line, str) else line for line in sent["lines"]]
        for line in lines:
            _need(set(line) <= {"text", "stream", "at"}, "fields of a line")
            _need(_length(line["text"]) <= 10_000, "a line is too long")
            _need("\n" not in line["text"], "a line with a line's end")
        return self._store(run, writer, "output", sent["seq"], lines, run.lines)

    def _state(self, run: FakeRun, writer: str, sent: dict[str, Any]) -> int:
        _need(set(sent) - {"writer", "message"} == {"seq", "status", "at"}, f"fields of a state: {sorted(sent)}")
        _need(sent["status"] in _REPORTED, f"status {sent['status']!r}")
        _need(_length(sent.get("message", "")) <= 10_000, "message")
        return self._store(run, writer, "state", sent["seq"], [sent], run.states)

    def _store(self, run: FakeRun, writer: str, kind: str, first: int, rows: list[Any], into: list[Any]) -> int:
        stored = run.counts[writer][kind]
        _need(isinstance(first, int) and first >= 0, f"seq {first!r}")
        if first > stored:
            raise Refused(409, "conflict", f"{kind} {stored} is lacking", nextSeq=stored)
        new = rows[stored - first :]
        into.extend(new)
        run.order.extend([kind] * len(new))
        run.counts[writer][kind] += len(new)
        return run.counts[writer][kind]

    def _patch(self, run: FakeRun, change: dict[str, Any]) -> None:
        _need(change, "give at least one field")
        _need(set(change) <= _CHANGE, f"unknown fields: {set(change) - _CHANGE}")
        _described(change)
        run.patches.append(change)
        run.name = change.get("name", run.name)
        run.config.update(change.get("config", {}))
        run.summary.update(change.get("summary", {}))
        run.controls.update(change.get("controls", {}))
        run.accepts = change.get("accepts", run.accepts)

    def _wait(self, run: FakeRun, query: dict[str, list[str]]) -> dict[str, Any]:
        wait = float(query.get("wait", ["0"])[0])
        after = int(query.get("after", ["0"])[0])
        _need(0 <= wait <= 30, "wait")
        until = time.monotonic() + wait
        here = self._http
        while run.control["version"] <= after and time.monotonic() < until and self._http is here:
            self._changed.wait(min(0.5, until - time.monotonic()))
        return run.control


def _length(text: str) -> int:
    """As JavaScript counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _described(given: dict[str, Any]) -> None:
    for name in ("config", "summary", "host", "git", "controls"):
        if name in given:
            _need(isinstance(given[name], dict), name)
            _need(len(json.dumps(given[name])) <= KILO, f"{name} is too large")
    for name, most in (("name", 200), ("project", 200), ("group", 200), ("stepName", 50)):
        if name in given:
            text = given[name]
            _need(isinstance(text, str) and 1 <= _length(text.strip()) <= most, f"{name} {text!r}")
            _need(not _FORBIDDEN.search(text), f"{name} {text!r}")
    for name, value in given.get("controls", {}).items():
        _need(1 <= len(name) <= 100, f"control {name!r}")
        _need(isinstance(value, (int, float, bool)) or isinstance(value, str) and len(value) <= 200, f"control {value!r}")
    _need(set(given.get("accepts", ())) <= _ACTIONS, "accepts")
    total = given.get("total")
    _need(total is None or isinstance(total, int) and total >= 0, f"total {total!r}")
    tags = given.get("tags", [])
    _need(len(tags) <= 20 and all(isinstance(tag, str) and 1 <= len(tag) <= 50 for tag in tags), f"tags {tags!r}")


def _need(condition: Any, what: str) -> None:
    if not condition:
        raise Refused(400, "bad_input", what)


def _no_json(text: str) -> Any:
    raise Refused(400, "bad_input", f"{text} is no JSON")


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake: FakeServer

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.fake._sockets.add(self.connection)

    def finish(self) -> None:
        self.fake._sockets.discard(self.connection)
        try:
            super().finish()
        except OSError:
            pass

    def _answer(self) -> None:
        fake, here = self.fake, self.fake._http
        length = int(self.headers.get("Content-Length") or 0)
        bearer = self.headers.get("Authorization") or ""
        token = bearer[7:] if bearer.startswith("Bearer ") else None
        body = self.rfile.read(length)
        is_write = self.command != "GET"
        if fake.delay and is_write:
            time.sleep(fake.delay)
        if is_write and fake.drop > 0:
            fake.drop -= 1
            self.close_connection = True
            return
        if fake._http is None or fake._http is not here:
            self.close_connection = True
            return
        try:
            status, answer = fake.handle(self.command, self.path, token, lambda: body, self.headers.get("Content-Type") or "")
        except Refused as refused:
            if refused.status in (400, 404, 413):
                fake.violations.append(f"{self.command} {self.path}: {refused}")
            error = {"code": refused.code, "message": str(refused), "details": refused.details}
            status, answer = refused.status, {"error": error}
        except Exception as error:
            fake.violations.append(f"{self.command} {self.path}: {error!r}")
            status, answer = 400, {"error": {"code": "bad_input", "message": repr(error)}}
        if is_write and fake.lose > 0:
            fake.lose -= 1
            self.close_connection = True
            return
        data = json.dumps(answer).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except OSError:
            self.close_connection = True

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _answer

    def log_message(self, *_args: Any) -> None:
        pass

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (OSError, ValueError):
            self.close_connection = True
