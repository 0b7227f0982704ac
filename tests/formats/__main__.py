"""Every format of generated transcripts, read back and searched: `python -m tests.formats`.

10,000 transcripts with `--full`, else 200. Prints how many there were as it goes, and stops at the
first fault, naming its seed and format.
"""

import argparse
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from tests.formats.generated import generated
from tests.formats.originals import originals_in
from tests.formats.read_back import CHECKS
from transcriber.exports.formats import FORMATS

FULL, FEW = 10_000, 200
TOLD_EVERY = 500


def checked(seed: int) -> Counter[str]:
    """Write and read back the transcript of a seed; return what there was to find.

    Raises AssertionError, saying where, when a format lost or gave away something.
    """
    case = generated(seed)
    counts = Counter(
        transcripts=1,
        turns=len(case.turns),
        words=sum(len(turn.text.split()) for turn in case.turns),
        originals=len(case.originals),
    )
    for key, each in FORMATS.items():
        data = each.write(case.redacted)
        try:
            CHECKS[key](data, case)
            assert not originals_in(data, case.originals), "an original is in it"
        except Exception as fault:
            raise AssertionError(f"seed {seed}, {key}: {fault}") from fault
        counts["files"] += 1
    return counts


def main() -> None:
    """Check them all, on every processor there is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help=f"{FULL:,} transcripts")
    count = FULL if parser.parse_args().full else FEW
    total: Counter[str] = Counter()
    with ProcessPoolExecutor() as processes:
        for counts in processes.map(checked, range(count), chunksize=20):
            total.update(counts)
            if total["transcripts"] % TOLD_EVERY == 0 or total["transcripts"] == count:
                print(", ".join(f"{number:,} {name}" for name, number in total.items()), flush=True)
    print("Everything was read back; no original is in any byte.")


if __name__ == "__main__":
    main()
