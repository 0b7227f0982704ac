"""Recordings to be checked, in a store of their own: words and findings, and no pipeline behind."""

from collections.abc import Sequence

from tests.kept_words import put_words
from transcriber.domain.finding import Action, EntityType, Finding
from transcriber.domain.policy import Policy, Style
from transcriber.domain.segmentation import segments
from transcriber.domain.transcript import (
    Coverage,
    Quality,
    Speaker,
    Transcript,
    Word,
)
from transcriber.services.store import Store
from transcriber.stages.detect import locate
from transcriber.stages.pseudonymise.apply import apply_policy
from transcriber.storage.database.entities import StoreRegister
from transcriber.storage.database.studies import Study

POLICY = Policy(
    "labels",
    Style.LABEL,
    dict.fromkeys((EntityType.PERSON, EntityType.LOCATION), Action.REPLACE),
)
SAID = (
    "INT: So who helped you after the birth?",
    "P01: That was Sarah Whitfield. Sarah came every day from Leeds.",
    "INT: And your mother in law?",
    "P01: Her name is Margaret, she lives near Otley with my brother Tom.",
    "INT: Thank you.",
)
NAMES = {
    "Sarah Whitfield": EntityType.PERSON,
    "Sarah": EntityType.PERSON,
    "Leeds": EntityType.LOCATION,
    "Tom": EntityType.PERSON,
}
"""What the machine is said to have found; Margaret and Otley it has missed."""


def spoken(said: Sequence[str]) -> Transcript:
    """A transcript of turns, each written as `LABEL: words`, a word every half second."""
    words: list[Word] = []
    labels: list[str] = []
    at_ms = 0
    for turn in said:
        label, _, text = turn.partition(": ")
        if label not in labels:
            labels.append(label)
        for each in text.split():
            words.append(
                Word(f"w{len(words)}", each, at_ms, at_ms + 400, f"S{labels.index(label)}")
            )
            at_ms += 500
    return Transcript(
        language="en",
        quality=Quality.FULL,
        duration_ms=at_ms,
        speakers=tuple(Speaker(f"S{n}", label) for n, label in enumerate(labels)),
        words=tuple(words),
        segments=tuple(segments(words)),
        coverage=Coverage(at_ms),
    )


def named(transcript: Transcript, names: dict[str, EntityType]) -> tuple[Finding, ...]:
    """A finding wherever a name stands, of overlapping ones the longer."""
    found: list[Finding] = []
    for name in sorted(names, key=len, reverse=True):
        start = transcript.text.find(name)
        while start >= 0:
            end = start + len(name)
            if not any(f.start < end and start < f.end for f in found):
                found.append(Finding(start, end, names[name], name, 0.9, "model"))
            start = transcript.text.find(name, end)
    return locate(sorted(found, key=lambda finding: finding.start), transcript)


def add_words(
    store: Store,
    study: Study,
    recording_id: str,
    code: str,
    said: Sequence[str] = SAID,
    names: dict[str, EntityType] = NAMES,
) -> Transcript:
    """Give a recording words and findings, as a worker would."""
    transcript = spoken(said)
    register = StoreRegister(store.database, store.keyring, study.id)
    found = apply_policy(
        named(transcript, names),
        study.agreed.policies[0],
        study.agreed.roster,
        register,
        {None: transcript.text},
        code,
    )
    put_words(store, recording_id, transcript, found)
    return transcript
