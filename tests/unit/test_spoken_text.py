"""The spoken view of a text and its way back to the words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stress.detector import find
from transcriber.domain.finding import Finding
from transcriber.domain.policy import Locale
from transcriber.engines.presidio.spoken.recognisers import spoken_recognisers
from transcriber.engines.presidio.spoken.text import SpokenText
from transcriber.stages.number_words import digit_string
from transcriber.stages.words import plain_words, words_of

PIECES = (
    *("oh", "seven", "double", "treble", "nine", "thirteen", "twenty", "hundred", "and", "erm"),
    *("B", "for", "bravo", "M", "mother", "at", "dot", "com", "www", "underscore", "@", "P1:"),
    *("yeah", "0", "07700", "AB12", "9pl", "'s", ",", ".", "-", "+", "[00:01:02]", "with", "a"),
    *("third", "of", "march", "nineteen", "age", "\n", "\u200d", "\u202e", "é", "٣", "²", "\x00"),
)
texts = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join),
)


@given(texts)
def test_every_character_of_the_view_leads_back_to_the_words_that_say_it(text: str) -> None:
    view = SpokenText(words_of(text))
    assert len(view.owners) == len(view.text)
    assert len(view.links) == len(view.signs)
    behind = 0
    for number, sign in enumerate(view.signs):
        assert behind <= sign.first <= sign.last < len(view.words)
        behind = sign.last + 1
        places = [at for at, owner in enumerate(view.owners) if owner == number]
        assert "".join(view.text[at] for at in places) == sign.text
        if places:
            start, end = view.span(places[0], places[-1] + 1)
            assert (start, end) == (view.words[sign.first].start, view.words[sign.last].end)
            assert "\n" not in text[start:end]


@given(texts)
def test_a_run_is_parted_into_lines_without_loss(text: str) -> None:
    view = SpokenText(words_of(text))
    for run in view.runs():
        pieces = list(run.pieces())
        assert pieces[0][0] == run.signs[0].first
        assert pieces[-1][1] == run.signs[-1].last
        for sign in run.signs:
            assert sum(a <= sign.first and sign.last <= z for a, z in pieces) == 1


@settings(deadline=None)  # word lists are read at the first text that needs them
@given(texts, st.sampled_from(list(Locale)))
def test_no_text_is_too_odd_and_every_finding_is_its_text(text: str, locale: Locale) -> None:
    for recogniser in spoken_recognisers(locale):
        for result in recogniser.analyze(text, recogniser.supported_entities, None):
            assert 0 <= result.start < result.end <= len(text)
    for finding in find(text, locale):
        assert finding.text == text[finding.start : finding.end]


SAID = [
    ("oh seven, erm, double nine", "o799"),
    ("thirteen nine P L", "139PL"),
    ("M for mother one three", "M13"),
    ("double you aitch haitch", "WHH"),
    ("nine hundred and four", "904"),
    ("two thousand and three", "2003"),
    ("a b for alpha bravo one", "AB1"),
    ("P1: six\nINT: yeah\nP1: seven", "67"),
    ("[00:01:02] P1: eight", "8"),
    ("one two three for five", "12345"),
]


@pytest.mark.parametrize(("text", "said"), SAID, ids=[row[0] for row in SAID])
def test_what_a_text_says(text: str, said: str) -> None:
    assert SpokenText(words_of(text)).text == said


@pytest.mark.parametrize(
    "forms",
    [
        (
            "ring me on 07700 900153",
            "ring me on oh double seven double oh nine oh oh one five three",
        ),
        ("ring +44 7700 900153", "ring 0, 7, 7, 0, 0, 9, 0, 0, 1, 5, 3"),
        ("it's PR3 1AA okay", "it's P R three one double A okay"),
        ("s.w@gmail.com", "it's s dot w at gmail dot com"),
        ("number AB 12 34 56 C", "number a b one two three four five six c"),
    ],
    ids=lambda forms: str(forms[0]),
)
def test_one_number_has_one_entity_however_it_is_said(forms: tuple[str, str]) -> None:
    first, second = ({_key(finding) for finding in find(form, Locale.GB)} for form in forms)
    assert first == second
    assert len(first) == 1


def _key(finding: Finding) -> str:
    """The key as pseudonyms are given by it: digits, or plain words."""
    said = plain_words(finding.entity or finding.text)
    return digit_string(said) or " ".join(said)
