"""How much is found, and where it fails: `python -m tests.benchmarks.redaction`.

The shared texts (TRANSCRIBER_DATA, else ../shared/data beside the checkout) and our own annotated
interviews in four sets, as written and in small letters without punctuation; roster names
misheard; people by the origin of their names, worst first. `transcriber evaluate redaction` counts
in the same way.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.e2e.test_interviews_gate import without_punctuation
from tests.interviews import BLIND, KEPT_BACK, THIRD, Interview, interviews
from tests.interviews import Mention as Marked
from tests.interviews.misheard import misheard_interviews
from transcriber.bootstrap import build_detectors
from transcriber.domain.finding import Finding
from transcriber.domain.roster import Roster
from transcriber.evaluation.gold_mentions import read_gold_mentions
from transcriber.evaluation.redaction import Identifies, Mention, RedactionScore, score_redaction
from transcriber.evaluation.redaction_totals import total_redaction
from transcriber.services.policy_file import load_policy
from transcriber.stages.detect import detect

BESIDE = Path(__file__).parents[3] / "shared" / "data"
DETECTORS, POLICY = build_detectors(), load_policy()
TYPES = ("PERSON", "LOCATION", "ORGANISATION")

Text = tuple[str, tuple[Mention, ...], Roster]
Row = tuple[str, list[Text], Callable[[str], str]]


def main() -> None:
    """Print Markdown tables."""
    shared, own = list(_shared()), [_own(i, Roster()) for i in interviews()]
    rosters = [_own(i, i.roster) for i in interviews() if i.roster is not None]
    heads = [f"{kind} (typed)" for kind in TYPES]
    heads += ["direct", "quasi", "precision", "neutral", "texts with a direct leak"]
    print(f"| material | {' | '.join(heads)} |")
    print("|---|" + "---|" * (len(TYPES) + 5))
    rows: list[Row] = [
        ("shared, as written", shared, str),
        ("shared, small letters", shared, without_punctuation),
        ("own interviews, as written", own, str),
        ("own interviews, small letters", own, without_punctuation),
        ("own interviews with half a roster (9)", rosters, str),
        *_set_apart("written blind", BLIND),
        *_set_apart("third", THIRD),
        *_set_apart("kept back", KEPT_BACK),
    ]
    for name, texts, form in rows:
        _row(name, [_score(text, form) for text in texts])
    print("\n| roster names misheard | found | of | recall |\n|---|---|---|---|")
    _misheard("written blind", BLIND)
    _misheard("kept back", KEPT_BACK)
    _origins()


def _set_apart(name: str, folder: Path) -> Iterable[Row]:
    """The four rows of a set of interviews of which every one has half a roster."""
    bare = [_own(i, Roster()) for i in interviews(folder)]
    known = [_own(i, i.roster) for i in interviews(folder) if i.roster is not None]
    yield f"{name} ({len(bare)}), as written", bare, str
    yield f"{name}, small letters", bare, without_punctuation
    yield f"{name} with half a roster", known, str
    yield f"{name} with half a roster, small letters", known, without_punctuation


def _misheard(name: str, folder: Path) -> None:
    """Print how many of the mentions that were misheard are found with the roster."""
    found = sought = 0
    for interview, mentions in misheard_interviews(folder):
        assert interview.roster is not None
        covered = _covered(interview.text, interview.roster)
        sought += len(mentions)
        found += sum(_is_covered(interview.text, mention, covered) for mention in mentions)
    print(f"| {name} | {found} | {sought} | {found / sought:.3f} |")


def _covered(text: str, roster: Roster) -> set[int]:
    found = _found(text, roster)
    return {offset for finding in found for offset in range(finding.start, finding.end)}


def _is_covered(text: str, mention: Marked, covered: set[int]) -> bool:
    letters = (at for at in range(mention.start, mention.end) if text[at].isalnum())
    return covered.issuperset(letters)


def _shared() -> Iterable[Text]:
    folder = Path(os.environ.get("TRANSCRIBER_DATA", BESIDE)) / "redaction"
    for path in sorted(folder.glob("*.txt")):
        text = path.read_text("utf-8")
        gold = json.loads(path.with_suffix(".gold.json").read_text("utf-8"))
        yield text, read_gold_mentions(gold, text), Roster()


def _own(interview: Interview, roster: Roster) -> Text:
    gold = (Mention(m.start, m.end, m.type, Identifies(m.group)) for m in interview.gold)
    return interview.text, tuple(gold), roster


def _found(text: str, roster: Roster) -> tuple[Finding, ...]:
    found = detect(text, POLICY, roster, DETECTORS)
    flagged = {kind for kind, action in POLICY.actions.items() if action.value == "flag"}
    return tuple(finding for finding in found if finding.entity_type not in flagged)


def _score(given: Text, form: Callable[[str], str]) -> RedactionScore:
    text, gold, roster = given
    return score_redaction(form(text), gold, _found(form(text), roster))


def _row(name: str, scores: list[RedactionScore]) -> None:
    total = total_redaction(scores)
    cells = []
    for kind in TYPES:
        tally = total.by_type[kind]
        cells.append(f"{tally.recall:.3f} ({tally.typed_recall:.3f})")
    cells += [f"{total.direct.tally.recall:.3f}", f"{total.quasi.tally.recall:.3f}"]
    cells += [f"{total.precision:.3f}", f"{total.neutral.recall:.3f}"]
    print(f"| {name} | {' | '.join(cells)} | {total.leaking_direct} of {total.documents} |")


def _origins() -> None:
    """Print recall of people by the origin of their names in our own interviews."""
    found: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for interview in interviews():
        covered = _covered(interview.text, Roster())
        for mention in interview.gold:
            if mention.type == "PERSON":
                origin = mention.origin or "unknown"
                named[origin] += 1
                found[origin] += _is_covered(interview.text, mention, covered)
    print("\n| origin of the name | found | of | recall |\n|---|---|---|---|")
    for origin in sorted(named, key=lambda name: found[name] / named[name]):
        share = found[origin] / named[origin]
        print(f"| {origin} | {found[origin]} | {named[origin]} | {share:.2f} |")


if __name__ == "__main__":
    main()
