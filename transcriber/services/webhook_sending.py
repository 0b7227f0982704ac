"""Sends a message to an address that somebody typed, and to nothing inside our own network.

The address is looked at when it is connected to, not before: a name may point somewhere else by
then (OWASP, Server-Side Request Forgery Prevention). Redirects are not followed, proxies of the
environment are not used, and what is answered is not read.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpcore

from transcriber.domain.errors import StorageError, UsageError
from transcriber.services.settings import WebhookSettings

LONGEST_URL = 2000
PATIENCE_S = 15.0
"""For all of a message: names, connection, answer (Standard Webhooks asks for 15 to 30 s)."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_CARRIES_IPV4 = (
    ipaddress.ip_network("64:ff9b::/96"),  # RFC 6052
    ipaddress.ip_network("64:ff9b:1::/48"),  # RFC 8215
    ipaddress.ip_network("2002::/16"),  # RFC 3056
    ipaddress.ip_network("::/96"),  # RFC 4291, 2.5.5.1
)
"""IPv6 addresses that lead to an IPv4 one, which may be inside."""


class NotSent(StorageError):
    """A message did not arrive; `final` where another attempt would end the same."""

    def __init__(self, code: str, sentence: str, *, final: bool = False) -> None:
        super().__init__(code, sentence)
        self.final = final

    def __reduce__(self) -> tuple[Any, ...]:
        """Let the error cross a process border."""
        return type(self), (self.code, self.sentence)


def require_url(url: str, settings: WebhookSettings) -> None:
    """Raise UsageError where messages may not be sent to a URL, whatever its name points to."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise _bad_url() from None
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise _bad_url()
    if not host or port == 0 or parts.username is not None or parts.fragment:
        raise _bad_url()
    if parts.scheme == "https":
        return
    if parts.scheme != "http" or not (settings.loopback and _is_loopback(host)):
        raise _bad_url()


def is_allowed(address: Address, settings: WebhookSettings) -> bool:
    """Whether messages may go to an address: a public one, or one that a setting names."""
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    if any(address in network for network in settings.networks):
        return True
    if address.is_loopback:
        return settings.loopback
    if address.is_multicast or any(address in network for network in _CARRIES_IPV4):
        return False
    return address.is_global


def send(url: str, headers: Mapping[str, str], body: bytes, settings: WebhookSettings) -> int:
    """Send a message by POST and return the status that came back. Raises NotSent."""
    try:
        require_url(url, settings)
    except UsageError as refused:  # the settings were changed
        raise NotSent("address_refused", refused.sentence, final=True) from None
    return asyncio.run(_send(url, headers, body, settings))


async def _send(
    url: str, headers: Mapping[str, str], body: bytes, settings: WebhookSettings
) -> int:
    try:
        async with (
            asyncio.timeout(PATIENCE_S),
            httpcore.AsyncConnectionPool(
                ssl_context=ssl.create_default_context(),
                network_backend=_Guarded(settings),
                retries=0,
            ) as pool,
            pool.stream("POST", url, headers=list(headers.items()), content=body) as answer,
        ):
            return int(answer.status)
    except TimeoutError:
        raise NotSent("no_answer", f"Nothing was answered within {PATIENCE_S:.0f} s.") from None
    except (httpcore.NetworkError, httpcore.TimeoutException, OSError):
        raise NotSent("not_reached", "The address could not be reached.") from None
    except (httpcore.ProtocolError, httpcore.ProxyError, httpcore.UnsupportedProtocol):
        raise NotSent("bad_answer", "What was answered is no HTTP.") from None


class _Guarded(httpcore.AsyncNetworkBackend):
    """Connects to allowed addresses only."""

    def __init__(self, settings: WebhookSettings) -> None:
        self._settings = settings
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [ipaddress.ip_address(entry[4][0]) for entry in found]
        if not addresses or not all(is_allowed(each, self._settings) for each in addresses):
            raise NotSent(
                "address_refused",
                "The address points into a private network, where messages may not go. Ask those "
                "who run the service to allow it.",
            )
        return await self._network.connect_tcp(
            str(addresses[0]), port, timeout, local_address, socket_options
        )

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        raise NotSent("address_refused", "Messages are not sent to files.", final=True)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _bad_url() -> UsageError:
    return UsageError(
        "bad_webhook_url",
        "Messages cannot be sent to this address. It has to begin with https://, without a user "
        "name, spaces or a part after #.",
    )
