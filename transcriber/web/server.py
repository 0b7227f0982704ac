"""The web server: one process that answers pages and interface, told where to listen."""

import gc
import logging
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path

import uvicorn

from transcriber.domain.errors import UsageError
from transcriber.services.links import first_sign_in_link, path_of
from transcriber.services.local_certificate import (
    Certificate,
    given_certificate,
    local_certificate,
)
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.web.access_log import AccessLog
from transcriber.web.app import make_app

STOP_WAIT_S = 3
"""How long a stop waits for answers that are on their way; pages that watch ask again."""

IDLE_S = 75
"""How long a connection is kept for the next request: longer than proxies and clients keep it, so
that none is closed under a request that is on its way (nginx: `keepalive_timeout`, 60 to 75 s)."""

NEW_OBJECTS = 50_000
"""After how many new objects Python looks for rings among them, which it does after 700 by itself:
a three-hour transcript is 30,000 words without one, and reading it took four times as long."""

_LOOPBACK = ("localhost", "127.", "::1")


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the server listens, and what stands before it.

    `tls` are the files of a certificate and of its key. `proxy` is the network (CIDR) or address of
    a reverse proxy that speaks TLS with browsers and plain http with us; its `X-Forwarded-`
    headers are believed and nobody else's.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    tls: tuple[Path, Path] | None = None
    proxy: str | None = None

    @property
    def is_local(self) -> bool:
        """Whether only this machine can ask."""
        return self.host.startswith(_LOOPBACK)


def serve(listening: Listening, *, with_link: bool, log_requests: bool) -> None:
    """Answer until told to stop; says where it is, and `with_link` how to sign in once.

    Raises UsageError where the address cannot be used, and what `open_store` raises.
    """
    taken = _bind(listening.host, listening.port)
    settings = load_settings()
    store = open_store(settings)
    app = make_app(store)
    if log_requests:
        _show_requests()
        app.add_middleware(AccessLog)
    certificate = _certificate(listening, settings.data_folder / "tls")
    config = uvicorn.Config(
        app,
        access_log=False,  # uvicorn's has paths and addresses in it
        log_level="warning",
        server_header=False,
        proxy_headers=listening.proxy is not None,
        forwarded_allow_ips=_trusted(listening.proxy),
        timeout_keep_alive=IDLE_S,
        timeout_graceful_shutdown=STOP_WAIT_S,
        ssl_certfile=None if certificate is None else certificate.certificate,
        ssl_keyfile=None if certificate is None else certificate.key,
    )
    server = _Server(config)
    address = _address(listening, taken, encrypted=certificate is not None)
    link = address + path_of(first_sign_in_link(store)) if with_link else None
    server.announcement = announcement(address, certificate, link)
    gc.freeze()  # the program itself is never sought through again
    gc.set_threshold(NEW_OBJECTS)
    with suppress(KeyboardInterrupt):  # raised again by uvicorn after it has stopped in order
        server.run(sockets=[taken])


class _Server(uvicorn.Server):
    """Says where it is once it answers."""

    announcement = ""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        sys.stdout.write(self.announcement)
        sys.stdout.flush()


def announcement(address: str, certificate: Certificate | None, link: str | None) -> str:
    """Return what is printed when the service is ready."""
    lines = [f"Transcriber is ready: {address}"]
    if link is not None:
        lines.append(f"Sign in once with:    {link}")
    if certificate is not None:
        lines += [
            "The first time, your browser warns of the certificate. Go on only where it shows this",
            f"SHA-256 fingerprint: {certificate.fingerprint}",
        ]
    return "\n".join([*lines, "Stop with Ctrl-C.", ""])


def _certificate(listening: Listening, folder: Path) -> Certificate | None:
    if listening.tls is not None:
        return given_certificate(*listening.tls)
    if listening.is_local or listening.proxy is not None:
        return None
    return local_certificate(folder, listening.host)


def _trusted(proxy: str | None) -> str | None:
    """Return the proxy's network as it was given. Raises UsageError where it is none."""
    if proxy is not None:
        try:
            ip_network(proxy)
        except ValueError:
            raise UsageError(
                "bad_proxy", "Give --proxy the address or the network of the proxy: 10.89.0.0/24."
            ) from None
    return proxy


def _bind(host: str, port: int) -> socket.socket:
    """Take the port before anything else is done. Raises UsageError when that is not possible."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        taken = socket.socket(family, kind, protocol)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(place)
    except OSError:
        raise UsageError(
            "port_taken",
            f"Port {port} cannot be used at this address: another program listens there, or it is "
            "not this machine's. Stop that program, or choose another port with --port.",
        ) from None
    return taken


def _address(listening: Listening, taken: socket.socket, *, encrypted: bool) -> str:
    host = listening.host
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        host = socket.gethostname()
    elif ":" in host:
        host = f"[{host}]"
    return f"http{'s' if encrypted else ''}://{host}:{taken.getsockname()[1]}"


def _show_requests() -> None:
    logger = logging.getLogger("transcriber.access")
    logger.setLevel(logging.INFO)
    shown = logging.StreamHandler()
    shown.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logger.addHandler(shown)
