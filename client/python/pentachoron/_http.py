"""Requests to the server, over connections that stay open, with the standard library alone."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from typing import Any, Dict, Optional, Tuple
from urllib.parse import urlsplit


class Unreachable(Exception):
    """The server could not be asked, or did not answer: whether it took the request is not known."""


class Connection:
    """One connection, which takes one request after another and is opened anew when it was lost."""

    def __init__(self, url: str, timeout: float = 10.0) -> None:
        parts = urlsplit(url if "//" in url else f"http://{url}")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"PENTACHORON_URL must be an http or https address, not {url!r}")
        self.url = url.rstrip("/")
        self._base = parts.path.rstrip("/")
        self._timeout = timeout
        self._connection: http.client.HTTPConnection
        if parts.scheme == "https":
            context = ssl.create_default_context()
            self._connection = http.client.HTTPSConnection(
                parts.hostname, parts.port, timeout=timeout, context=context
            )
        else:
            self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        token: Optional[str] = None,
        timeout: Optional[float] = None,
    ) -> Tuple[int, Dict[str, Any]]:
        """Status and body of the answer. Raises ``Unreachable``."""
        headers = {"Accept": "application/json"}
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body, allow_nan=False).encode()
            headers["Content-Type"] = "application/json"
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self._connection.timeout = timeout or self._timeout
        if self._connection.sock is not None:
            self._connection.sock.settimeout(self._connection.timeout)
        # One that was idle may have been closed by the server meanwhile: then it is tried once more.
        for attempt in (0, 1):
            was_open = self._connection.sock is not None
            try:
                self._connection.request(method, self._base + path, body=data, headers=headers)
                response = self._connection.getresponse()
                text = response.read()
                break
            except (http.client.HTTPException, OSError, socket.timeout) as error:
                self._connection.close()
                if not was_open or attempt == 1 or isinstance(error, socket.timeout):
                    raise Unreachable(f"{type(error).__name__}: {error}") from error
        try:
            answer = json.loads(text) if text else {}
        except ValueError:
            # A proxy speaks for a server that is not there.
            raise Unreachable(f"the answer is no JSON (status {response.status})") from None
        return response.status, answer if isinstance(answer, dict) else {"data": answer}

    def close(self) -> None:
        self._connection.close()


def message_of(answer: Dict[str, Any]) -> str:
    """What the server says of a request that it refused."""
    error = answer.get("error")
    return str(error.get("message", error)) if isinstance(error, dict) else str(answer)


def next_seq_of(answer: Dict[str, Any]) -> Optional[int]:
    """Of a refusal for a gap: the number from which the server lacks entries."""
    error = answer.get("error")
    details = error.get("details") if isinstance(error, dict) else None
    seq = details.get("nextSeq") if isinstance(details, dict) else None
    return seq if isinstance(seq, int) else None
