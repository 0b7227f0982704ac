"""How long a three-hour group takes to be packed, searched in every corner, and verified.

python -m tests.benchmarks.release_package [WORDS]
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from transcriber.domain.finding import Action, EntityType, Finding
from transcriber.domain.policy import Policy, Style
from transcriber.domain.redacted import Checked, RedactedTranscript, RedactedTurn, Token
from transcriber.domain.roster import Roster
from transcriber.domain.transcript import Coverage, Quality
from transcriber.exports.bare_files import telling
from transcriber.exports.file_check import check_files
from transcriber.exports.release_json import ReleasedText
from transcriber.services.packaged_release import Version, package_of
from transcriber.services.verify_release import verify_release
from transcriber.stages.ordinary_words import ordinary_words
from transcriber.stages.second_look.check import second_look

WORDS = 30_000
WORDS_A_TURN = 7
NAMES = 400
"""Names that are sought, as a study of 22 recordings has them on record."""


def main(words: int) -> None:
    """Print the seconds of each step."""
    text = ReleasedText(_talk(words), {"policy": {"name": "default", "types": {}}})
    policy = Policy("default", Style.LABEL, {EntityType.PERSON: Action.REPLACE})
    names = [f"Quell{n:03d} Vasc{n:03d}" for n in range(NAMES)]
    found = [
        Finding(0, len(n), EntityType.PERSON, n, 0.9, "x", action=Action.REPLACE, replacement="[P]")
        for n in names
    ]
    with _timed("written and packed"):
        package = package_of(text, Version("0" * 32, 1, "FG01-v1"))
    with _timed("zipped"):
        data = package.zipped()
    files = {"FG01-v1.zip": data}
    with _timed("searched in every corner"):
        blocking = check_files(files, second_look(found, Roster(), policy)).blocking
    with _timed("searched for who wrote it"):
        told = telling(files)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "FG01-v1.zip"
        path.write_bytes(data)
        with _timed("verified"):
            whole = verify_release(path).is_whole
    print(f"{len(data) / 1e6:.1f} MB, {len(package.files)} files; whole: {whole}")
    print(f"places that block or tell: {len(blocking) + len(told)}")


@contextmanager
def _timed(what: str) -> Iterator[None]:
    began, worked = time.perf_counter(), time.process_time()
    yield
    print(f"{what}: {time.perf_counter() - began:.1f} s, {time.process_time() - worked:.1f} s busy")


def _talk(words: int) -> RedactedTranscript:
    random, known = Random(1), sorted(ordinary_words())
    turns = tuple(
        RedactedTurn(
            f"P{number % 6:02d}",
            tuple(
                Token(random.choice(known), at * 360, at * 360 + 300)
                for at in range(number * WORDS_A_TURN, (number + 1) * WORDS_A_TURN)
            ),
            f"w{number * WORDS_A_TURN}",
        )
        for number in range(words // WORDS_A_TURN)
    )
    length_ms = words * 360
    return RedactedTranscript(
        *("FG01", "Peers", "en", Quality.FULL, Checked.YES, length_ms, Coverage(length_ms), turns)
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else WORDS)
