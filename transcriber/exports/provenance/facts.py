"""What is known of how transcripts were made and checked: of one release, or of a study's added up.

What a release does not tell, as earlier ones do not, is None here and said to be unknown.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from transcriber.domain.estimate import Agreement
from transcriber.exports.release_json import ReleasedText

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Engine:
    """What did a part of the work: `part` is a key of a provenance record, such as `recognition`.

    `model` and `sha256` are empty where there is none.
    """

    part: str
    name: str
    version: str = ""
    model: str = ""
    sha256: str = ""
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class WordCounts:
    """The machine's words, those that a person changed, and those given to another speaker."""

    said: int
    corrected: int
    given_to_another: int


@dataclass(frozen=True, slots=True)
class FindingCounts:
    """What people did with findings: marked by hand, found where nothing was, kept on purpose."""

    marked_by_a_person: int
    found_anew: int
    kept_on_purpose: int


@dataclass(frozen=True, slots=True)
class SecondReview:
    """Stretches that a second reviewer marked without seeing what was found.

    `clean` had nothing that the released text lets through, of `all_stretches` that there are.
    """

    stretches: int
    clean: int
    all_stretches: int
    words: Agreement


@dataclass(frozen=True, slots=True)
class Residue:
    """What may be left, with its interval of 95 %; `high` is None where nothing bounds it."""

    recordings: int
    hidden: int
    caught: int
    found_anew: int
    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class SoundSample:
    """Random stretches of one kind of recording that a person corrected against the sound.

    `errors` in `words`; `low` and `high` are shares, None with too few stretches.
    """

    kind: str
    stretches: int
    errors: int
    words: int
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Facts:
    """What happened to `recordings` transcripts; times in milliseconds.

    `signatures` are the numbers of people who signed, one for each; `policies` and `engines` are
    those that any of them had.
    """

    recordings: int
    drafts: int
    duration_ms: int
    speech_ms: int
    heard_ms: int
    turns: int
    read_turns: int
    released_words: int
    bulk_accepted: int
    bulk_read: int
    replaced: Mapping[str, int]
    withheld: int
    withheld_ms: int
    signatures: tuple[int, ...]
    looked_at: int
    languages: tuple[str, ...]
    transcriber: tuple[str, ...]
    engines: tuple[Engine, ...]
    conventions: tuple[str, ...]
    policies: tuple[Mapping[str, Any], ...]
    asked_for: tuple[Mapping[str, Any], ...]
    kinds: Mapping[str, int] | None = None
    words: WordCounts | None = None
    findings: FindingCounts | None = None
    second_review: SecondReview | None = None
    residue: Residue | None = None
    sound: tuple[SoundSample, ...] = ()


def facts_of(texts: Sequence[ReleasedText]) -> Facts:
    """Add up what releases say of themselves."""
    told = [text.facts for text in texts]
    withheld = [each for one in told for each in one.get("withheld", ())]
    kinds = _all(told, lambda one: one["kind"])
    return Facts(
        recordings=len(texts),
        drafts=sum(text.transcript.quality.value == "draft" for text in texts),
        duration_ms=sum(text.transcript.duration_ms for text in texts),
        speech_ms=sum(one.get("speech_ms", 0) for one in told),
        heard_ms=sum(one.get("heard_ms", 0) for one in told),
        turns=sum(one.get("turns", 0) for one in told),
        read_turns=sum(one.get("read_turns", 0) for one in told),
        released_words=sum(text.transcript.words for text in texts),
        bulk_accepted=sum(one.get("bulk", {}).get("accepted", 0) for one in told),
        bulk_read=sum(one.get("bulk", {}).get("read", 0) for one in told),
        replaced=_added(one.get("replaced", {}) for one in told),
        withheld=len(withheld),
        withheld_ms=sum(each["end_ms"] - each["start_ms"] for each in withheld),
        signatures=tuple(len(one.get("signed", ())) for one in told),
        looked_at=sum(one.get("leak_check", {}).get("looked_at", 0) for one in told),
        languages=_once(text.transcript.language for text in texts),
        transcriber=_once(one["transcriber"] for one in told if "transcriber" in one),
        engines=_once(engine for one in told for engine in _engines(one.get("made_by", {}))),
        conventions=_once(one["convention"] for one in told if "convention" in one),
        policies=_distinct(one["policy"] for one in told if "policy" in one),
        asked_for=_distinct(one["asked_for"] for one in told if "asked_for" in one),
        kinds=None if kinds is None else Counter(kinds),
        words=_sums(
            _all(told, lambda one: one["words"]),
            WordCounts,
            *("said", "corrected", "given_to_another"),
        ),
        findings=_sums(
            _all(told, lambda one: one["findings"]),
            FindingCounts,
            *("marked_by_a_person", "found_anew", "kept_on_purpose"),
        ),
        second_review=second_review_of(
            [one["second_review"] for one in told if one.get("second_review")]
        ),
        # An estimate is of the whole study at one time, so that several are not to be added.
        residue=residue_of(told[0].get("estimate")) if len(told) == 1 else None,
    )


def second_review_of(records: Sequence[Mapping[str, Any]]) -> SecondReview | None:
    """Add up what second reviews came to; None without any."""
    if not records:
        return None
    words = sum((Agreement(**one["words"]) for one in records), Agreement())
    return SecondReview(
        sum(one["stretches"] for one in records),
        sum(one["clean"] for one in records),
        sum(one["all_stretches"] for one in records),
        words,
    )


def residue_of(record: Mapping[str, Any] | None) -> Residue | None:
    """Return an estimate as a release holds it; None where nothing could be said."""
    if not record:
        return None
    return Residue(
        record["recordings"],
        record["hidden"],
        record["caught"],
        record["found_anew"],
        record["left_low"],
        record["left_high"],
    )


def _engines(made_by: Mapping[str, Any]) -> Iterable[Engine]:
    for part, record in made_by.items():
        if not isinstance(record, Mapping) or part == "settings":
            continue
        values = {key: str(value) for key, value in record.items()}
        name = values.pop("engine", "") or values.pop("source", "")
        package = next((key for key in ("resemblyzer", "pyannote.audio") if key in values), "")
        digest = next((key for key in ("model_sha256", "weights_sha256") if key in values), "")
        yield Engine(
            part,
            name,
            values.pop("version", "") or values.pop(package, ""),
            values.pop("model", ""),
            values.pop(digest, ""),
            tuple(sorted(values.items())),
        )


def _sums(
    records: Sequence[Mapping[str, int]] | None, made: Callable[..., T], *names: str
) -> T | None:
    if records is None:
        return None
    return made(*(sum(record[name] for record in records) for name in names))


def _all(told: Sequence[Mapping[str, Any]], of: Callable[[Mapping[str, Any]], T]) -> list[T] | None:
    """Return what all releases say; None where one of them does not say it."""
    try:
        return [of(one) for one in told]
    except KeyError:
        return None


def _added(counts: Iterable[Mapping[str, int]]) -> Counter[str]:
    return sum((Counter(each) for each in counts), Counter())


def _once(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))


def _distinct(values: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    found: list[Mapping[str, Any]] = []
    for value in values:
        if value not in found:
            found.append(value)
    return tuple(found)
