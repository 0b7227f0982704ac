"""`transcriber serve`: the web service, with all that works behind it or alone."""

import argparse
import os
import sys

from transcriber.domain.errors import UsageError


def command(arguments: argparse.Namespace) -> int:
    """Become the supervisor of the service or its web server alone; does not return.

    Raises UsageError for options that do not go together.
    """
    if bool(arguments.tls_cert) != bool(arguments.tls_key):
        raise UsageError("tls_half", "Give both --tls-cert and --tls-key, or neither of them.")
    if arguments.proxy and arguments.tls_cert:
        raise UsageError(
            "tls_twice", "With --proxy the proxy has the certificate. Leave out --tls-cert."
        )
    options = [f"--host={arguments.host}", f"--port={arguments.port}"]
    if arguments.tls_cert:
        options += [f"--tls-cert={arguments.tls_cert}", f"--tls-key={arguments.tls_key}"]
    if arguments.proxy:
        options.append(f"--proxy={arguments.proxy}")
    # Both stand beside the command line or above it, so they are started, not imported.
    if arguments.web_only:
        module = ["transcriber.web", *options, "--log-requests"]
    else:
        module = ["workers.serve", *options, "--with-link"]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", *module])  # noqa: S606 - no shell
