"""CTM: words with times (NIST SCTK, sclite, appendix on file formats)."""

from transcriber.domain.errors import InputError
from transcriber.evaluation.fields import only_one_recording, rows, seconds
from transcriber.evaluation.speech import Utterance

_FIELDS = 5


def read_ctm(text: str) -> tuple[Utterance, ...]:
    """Read `file channel start duration word [confidence]`, one utterance a word, by start.

    Where a file has several channels they are its speakers. Raises InputError `bad_ctm` or
    `several_recordings`.
    """
    found: list[tuple[int, str, str]] = []
    files: set[str] = set()
    for row in rows(text):
        try:
            file, channel, start, _, word = row.split()[:_FIELDS]
            found.append((seconds(start), channel, word))
        except ValueError:
            raise InputError(
                "bad_ctm",
                "A line of this CTM file is not `file channel start duration word`. Correct it, "
                "or give the gold in another format.",
            ) from None
        files.add(file)
    only_one_recording(files)
    several = len({channel for _, channel, _ in found}) > 1
    return tuple(
        Utterance(channel if several else None, word)
        for _, channel, word in sorted(found, key=lambda entry: entry[0])
    )
