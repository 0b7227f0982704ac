"""What the command line says about recordings, read alike by every command that takes them."""

import argparse
from pathlib import Path

from transcriber.domain.errors import UsageError
from transcriber.domain.recording import Trim
from transcriber.domain.roster import Roster
from transcriber.domain.told_speakers import ToldSpeakers
from transcriber.services.roster_file import load_roster
from transcriber.services.speakers_file import load_told_speakers


def trim(arguments: argparse.Namespace) -> Trim:
    """Return `--start` and `--stop`. Raises UsageError when nothing lies between them."""
    try:
        return Trim(arguments.start, arguments.stop)
    except ValueError:
        raise UsageError(
            "bad_excerpt", "--stop must be later than --start. Choose other times."
        ) from None


def who_speaks(arguments: argparse.Namespace) -> tuple[Roster, ToldSpeakers | None]:
    """Return the roster, with the names of `--speakers-from` on it, and who speaks when.

    Raises UsageError when a file will not do.
    """
    roster = load_roster(arguments.roster) if arguments.roster else Roster()
    if not arguments.speakers_from:
        return roster, None
    told, roster = load_told_speakers(arguments.speakers_from, roster)
    return roster, told


def recordings_of(arguments: argparse.Namespace) -> list[tuple[Path, ...]]:
    """Return the files of each recording that is named.

    Raises UsageError where it is not clear which file tells what of the speakers.
    """
    files: tuple[Path, ...] = tuple(arguments.inputs)
    together = arguments.join or arguments.side_by_side
    if arguments.speakers_from and (arguments.tracks or arguments.side_by_side):
        raise UsageError(
            "speakers_twice",
            "--speakers-from is for speakers who were recorded together; tracks tell who speaks "
            "already. Leave one of them out.",
        )
    if arguments.speakers_from and len(files) > 1 and not arguments.join:
        raise UsageError(
            "several_recordings",
            "--speakers-from tells of one recording. Name one, or say --join if these are its "
            "parts.",
        )
    if arguments.side_by_side and arguments.tracks:
        raise UsageError(
            "tracks_twice",
            "--side-by-side means that each file is one speaker, --tracks that each file holds "
            "several. Leave one of them out.",
        )
    if arguments.side_by_side and len(files) == 1:
        raise UsageError(
            "one_file",
            "--side-by-side needs a file for each speaker, two or more. If the speakers are on "
            "tracks of this file, use --tracks.",
        )
    return [files] if together else [(path,) for path in files]
