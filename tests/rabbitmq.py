"""A real RabbitMQ of our own, Debian's, in a folder that is deleted afterwards."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.served import free_port

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
START_S = 120.0


@contextmanager
def rabbitmq_server(folder: Path) -> Iterator[str]:
    """Run a server in `folder` and give its URL. It listens on this machine only."""
    shutil.chown(folder, "rabbitmq")
    port, ours, mapper = free_port(), free_port(), free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "RABBITMQ_NODENAME": "trial@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(ours),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "ERL_EPMD_PORT": str(mapper),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
    }
    # The server refuses to run as root.
    as_owner = ["setpriv", "--reuid=rabbitmq", "--regid=rabbitmq", "--clear-groups"]
    # Erlang's own register of nodes, in the foreground: the server's own start would leave one.
    with subprocess.Popen([*as_owner, "epmd"], env=environment, cwd=folder) as register:
        with subprocess.Popen(
            [*as_owner, str(SERVER)], env=environment, cwd=folder, stdout=subprocess.DEVNULL
        ) as server:
            try:
                _wait_for(port)
                yield f"amqp://guest:guest@127.0.0.1:{port}//"
            finally:
                server.terminate()
                server.wait()
        register.terminate()


def _wait_for(port: int) -> None:
    deadline_s = time.monotonic() + START_S
    while time.monotonic() < deadline_s:
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("RabbitMQ did not start")
