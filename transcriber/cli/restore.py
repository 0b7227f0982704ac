"""`transcriber restore`: put a backup back."""

import argparse

from transcriber.cli.copying import copying
from transcriber.cli.job_words import when
from transcriber.cli.terminal import console
from transcriber.services.restore import restore
from transcriber.services.settings import load_settings


def command(arguments: argparse.Namespace) -> int:
    """Put the backup back and say of when it is."""
    with copying("Putting files back") as progress:
        made = restore(
            load_settings(), arguments.source, progress, list_lost=arguments.erased_list_lost
        )
    screen = console()
    screen.print(f"The store is as it was on {when(made.made_at_ms)}, without what was erased.")
    screen.print("Everybody has to sign in again, and programs need new tokens. Look at who may")
    screen.print("sign in: accounts that were disabled since are not disabled any more.")
    return 0
