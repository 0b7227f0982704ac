"""The training text marks what it says, and training gives the same files every time."""

import hashlib
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.interviews import BLIND, FOLDER, KEPT_BACK, interviews
from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.names.lexicon import NameLexicon
from transcriber.engines.presidio.names.model import read_model, shipped_folder
from transcriber.stages.words import TextWords, plain_words
from transcriber.training.documents import Document, uncased
from transcriber.training.inventory import plain_forms
from transcriber.training.lexicon import ordinary_words
from transcriber.training.sentences import Span, Writer
from transcriber.training.template_files import sections, templates
from transcriber.training.train import sequences, written_documents


@pytest.fixture(scope="module")
def lexicon() -> NameLexicon:
    return read_model(shipped_folder()).lexicon


def write(template: str, seed: int = 1) -> Writer:
    writer = Writer(random.Random(seed), lambda ending, _: f"walk{ending}")
    writer.write(template)
    return writer


def test_a_slot_is_marked_and_choices_are_made() -> None:
    writer = write("I met {P.full} [in|near] {L.city}.")
    person, place = writer.spans
    assert (person.kind, place.kind) == ("PERSON", "LOCATION")
    assert writer.text.startswith("I met ")
    between = writer.text[person.end : place.start].split()[0]
    assert between in ("in", "near")
    assert writer.text[place.end :] == "."


def test_an_article_lies_outside_the_name_and_is_not_doubled() -> None:
    for seed in range(40):
        writer = write("We like the {O.party}.", seed)
        (span,) = writer.spans
        assert writer.text[: span.start] == "We like the "


def test_people_come_back_within_a_document() -> None:
    writer = write("{P.first} {P.first} " * 40)
    names = [writer.text[s.start : s.end] for s in writer.spans]
    assert 7 <= len(set(names)) < 40


@pytest.mark.parametrize("name", [name for name, _ in templates()])
def test_every_template_can_be_filled(name: str) -> None:
    lines = dict(templates())[name]
    assert len(lines) > 50
    for line in lines:
        text = write(line).text
        assert not set("{}[]@~") & set(text), line


def test_every_slot_can_be_filled() -> None:
    for slot, items in sections("slots.ini").items():
        for item in items:
            value = Writer(random.Random(2), lambda ending, _: f"walk{ending}")._fresh(item)
            assert value.strip(), slot
            assert not set("{}[]@~") & set(value), slot


def test_without_capitals_the_marks_stay_on_their_words() -> None:
    text = "Then O'Brien, of St. John's -- yes."
    document = Document(text, (Span(5, 12, "PERSON"), Span(17, 27, "LOCATION")), frozenset())
    small = uncased(document)
    assert small.text == "then obrien of st johns yes "
    assert [small.text[s.start : s.end].strip() for s in small.spans] == ["obrien", "st johns"]


def test_documents_are_the_same_for_the_same_seed(lexicon: NameLexicon) -> None:
    first, again = (list(written_documents(lexicon, 3, 5)) for _ in range(2))
    assert first == again
    assert first != list(written_documents(lexicon, 3, 6))


def test_runs_carry_a_label_for_every_word(lexicon: NameLexicon) -> None:
    (document,) = written_documents(lexicon, 1, 5)
    runs = list(sequences(document, lexicon, random.Random(1)))
    assert {len(features) - len(labels) for features, labels in runs} == {0}
    marked = sum(label.startswith("B") for _, labels in runs for label in labels)
    words = TextWords(document.text)
    named = sum(any(w.start >= s.start and w.end <= s.end for w in words) for s in document.spans)
    assert named * 0.85 <= marked <= named  # months and names with digits are not put to it


def test_ordinary_words_are_no_names(lexicon: NameLexicon) -> None:
    words = {word for words in ordinary_words(lexicon).values() for word in words}
    assert {"walking", "nervously", "cautious"} <= words
    assert {"sarah", "manchester", "whitfield"}.isdisjoint(words)


def test_our_list_of_names_holds_nobody_of_the_interviews() -> None:
    people = {
        word
        for folder in (FOLDER, BLIND, KEPT_BACK)
        for interview in interviews(folder)
        for mention in interview.gold
        if mention.type == EntityType.PERSON
        for word in plain_words(mention.text)
    }
    assert len(plain_forms("given")) > 800
    assert plain_forms("given").isdisjoint(people)


def test_surnames_of_the_census_are_no_words(lexicon: NameLexicon) -> None:
    assert "r" in lexicon.known("kowalczyk").flags
    assert "r" not in lexicon.known("bread").flags


@pytest.mark.slow
def test_one_hundredth_trains_twice_to_the_same_bytes(tmp_path: Path) -> None:
    outputs = []
    for name in ("first", "second"):
        command = [sys.executable, "-m", "transcriber.training", "--share", "0.01"]
        done = subprocess.run(
            [*command, "--out", str(tmp_path / name)], capture_output=True, text=True, check=True
        )
        outputs.append(done.stdout)
    assert outputs[0] == outputs[1]
    for line in outputs[0].splitlines():
        expected, _, name = line.partition("  ")
        data = (tmp_path / "first" / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == expected


def test_the_shipped_files_are_the_recorded_ones() -> None:
    lines = (shipped_folder() / "sha256.txt").read_text().splitlines()
    assert len(lines) == 3
    for line in lines:
        expected, _, name = line.partition("  ")
        assert hashlib.sha256((shipped_folder() / name).read_bytes()).hexdigest() == expected
