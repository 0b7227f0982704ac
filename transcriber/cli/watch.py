"""`transcriber watch`: take in what appears in a folder, until stopped."""

import argparse
import signal
from contextlib import suppress

from watchfiles import watch

from transcriber.cli.terminal import console
from transcriber.domain.consent import NOBODY_SAID
from transcriber.domain.errors import StorageError
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.services.submit import Submission, study_named
from transcriber.services.watched_folder import Taken, WatchedFolder

LOOK_AGAIN_MS = 2_000
"""How often the folder is looked at when nothing is heard of it: network shares never tell."""


def command(arguments: argparse.Namespace) -> int:
    """Look whenever something changes, and every two seconds besides."""
    store = open_store(load_settings())
    study = study_named(store, arguments.study)
    submission = Submission(
        (),
        arguments.kind,
        speakers=arguments.speakers,
        language=arguments.language,
        may_wait=True,
    )
    watched = WatchedFolder(store, study, arguments.folder, submission)
    for number in (signal.SIGINT, signal.SIGTERM):
        # Also where whoever started us has Ctrl-C ignored, as shells do for what runs behind them.
        signal.signal(number, signal.default_int_handler)
    out = console()
    out.print("Watching. Stop with Ctrl-C; nothing in the folder is moved or deleted.")
    changes = watch(
        arguments.folder,
        watch_filter=None,
        rust_timeout=LOOK_AGAIN_MS,
        yield_on_timeout=True,
        raise_interrupt=False,
        ignore_permission_denied=True,
    )
    with suppress(KeyboardInterrupt):
        _look(watched)
        for _ in changes:
            _look(watched)
    return 0


def _look(watched: WatchedFolder) -> None:
    out = console()
    try:
        for outcome in watched.look():
            # What is not a terminal may be a log, where no name of a file may stand.
            name = f" {outcome.path.name}" if out.is_terminal else ""
            if isinstance(outcome, Taken):
                out.print(f"{outcome.code:12} taken{name}", markup=False, highlight=False)
                if outcome.waits:
                    out.print(f"{'':12} It waits. {NOBODY_SAID}", markup=False, highlight=False)
            else:
                sentence = outcome.error.sentence
                out.print(f"{'not taken':12}{name} {sentence}", markup=False, highlight=False)
    except StorageError as error:
        out.print(error.sentence, markup=False, highlight=False)
