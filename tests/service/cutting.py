"""A network that breaks: it passes on what it is given, and cuts after so many bytes."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator


class CuttingNetwork:
    """Listens on a port of its own and passes on to another."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._left: int | None = None
        self._then: Callable[[], None] = _nothing
        self.passed_bytes = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self.cuts = 0

    def cut_after(self, size_bytes: int, then: Callable[[], None] | None = None) -> None:
        """Break the connection once so many more bytes went to the server, and do `then`."""
        self._left, self._then = size_bytes, then or _nothing

    def run(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def close(self) -> None:
        # Closing alone does not wake whoever waits in accept.
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _pass_on(self, client: socket.socket) -> None:
        with client:
            try:
                server = socket.create_connection(self._target)
            except OSError:
                return
            with server:
                back = threading.Thread(target=self._answer, args=(server, client), daemon=True)
                back.start()
                with contextlib.suppress(OSError):
                    while data := client.recv(1 << 16):
                        if self._passed_last(server, data):
                            break
                _shut(server)
                _shut(client)
                back.join()

    def _passed_last(self, server: socket.socket, data: bytes) -> bool:
        """Pass on what is left to pass on, and tell whether that was the last before a cut."""
        data = data if self._left is None else data[: self._left]
        server.sendall(data)
        self.passed_bytes += len(data)
        if self._left is None:
            return False
        self._left -= len(data)
        if self._left:
            return False
        self._left, then, self._then = None, self._then, _nothing
        self.cuts += 1
        then()
        return True

    @staticmethod
    def _answer(server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(1 << 16):
                client.sendall(data)
        _shut(client)


def _nothing() -> None:
    """Do nothing."""


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def cutting_network(port: int) -> Iterator[CuttingNetwork]:
    """Run such a network in front of a port."""
    network = CuttingNetwork(port)
    thread = threading.Thread(target=network.run, daemon=True)
    thread.start()
    try:
        yield network
    finally:
        network.close()
        thread.join()
