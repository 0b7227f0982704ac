"""Word errors, errors by speaker and words under the wrong speaker, on talk made up here."""

import pytest

from transcriber.evaluation import cp_word_errors
from transcriber.evaluation.normalise import as_written, normaliser
from transcriber.evaluation.recognition import score_recognition, total_recognition
from transcriber.evaluation.speech import Spoken, Utterance
from transcriber.evaluation.word_errors import WordErrors, word_errors
from transcriber.evaluation.word_speakers import WrongSpeaker, wrong_speaker

GOLD = (Utterance("MOD", "how did it begin"), Utterance("P01", "with a phone call"))


def said(*turns: tuple[str | None, str]) -> tuple[Utterance, ...]:
    return tuple(Utterance(speaker, text) for speaker, text in turns)


def test_each_kind_of_error_is_counted() -> None:
    errors = word_errors("we went to the shop", "we want the the shop now")
    assert errors == WordErrors(words=5, substitutions=2, deletions=0, insertions=1)
    assert errors.rate == pytest.approx(3 / 5)


def test_without_gold_words_there_is_no_rate() -> None:
    errors = word_errors("", "well then")
    assert errors == WordErrors(insertions=2)
    assert errors.rate is None


@pytest.mark.parametrize(
    "text",
    [
        "I did not [inaudible 00:12:03] go",
        "I did (pause 3 s) not go",
        "I did not <noise> go",
        "i  DID not, go.",
    ],
)
def test_marks_case_and_punctuation_are_no_words(text: str) -> None:
    assert as_written(text) == "i did not go"
    assert normaliser("en")(text) == "i did not go"


def test_as_written_keeps_apostrophes_inside_words_only() -> None:
    assert as_written("'Kay, don\u2019t \u2018go\u2019") == "kay don't go"


def test_the_normaliser_joins_what_may_be_written_either_way() -> None:
    normalise = normaliser("en-GB")
    assert normalise("Um, I don't like that colour, twenty five") == (
        normalise("I do not like that color 25")
    )


def test_other_languages_keep_their_numbers_and_fillers() -> None:
    assert normaliser("de")("Um acht, bitte!") == "um acht bitte"


def test_a_mark_cut_into_words_is_still_a_mark() -> None:
    words = said((None, "we"), (None, "[inaudible"), (None, "00:12:03]"), (None, "went"))
    assert score_recognition(Spoken(said((None, "we went"))), Spoken(words)).normalised.rate == 0


@pytest.mark.skipif(not cp_word_errors.available(), reason="meeteval is not installed")
def test_a_word_under_the_wrong_speaker_is_two_errors_by_speaker() -> None:
    moved = said(("B", "how did it"), ("A", "begin with a phone call"))
    errors = cp_word_errors.cp_word_errors(GOLD, moved, as_written)
    assert (errors.words, errors.deletions, errors.insertions) == (8, 1, 1)


def test_speakers_are_matched_whatever_they_are_called() -> None:
    moved = said(("B", "how did it"), ("A", "begin with a phone"), (None, "call"))
    assert wrong_speaker(GOLD, moved, as_written) == WrongSpeaker(wrong=2, words=8)


def test_one_found_speaker_stands_for_one_gold_speaker_only() -> None:
    merged = said(("A", "how did it begin with a phone call"))
    assert wrong_speaker(GOLD, merged, as_written) == WrongSpeaker(wrong=4, words=8)


def test_words_of_nobody_are_all_wrong() -> None:
    assert wrong_speaker(GOLD, said((None, "how did it")), as_written) == WrongSpeaker(3, 3)


def test_without_speakers_on_both_sides_nothing_is_said_about_them() -> None:
    score = score_recognition(Spoken(GOLD), Spoken(said((None, "how did it begin"))))
    assert score.by_speaker is None
    assert score.wrong_speaker is None
    assert score.normalised == WordErrors(words=8, deletions=4)


def test_no_prediction_misses_every_word() -> None:
    score = score_recognition(Spoken(GOLD), None)
    assert score.normalised == score.as_written == WordErrors(words=8, deletions=8)
    assert score.wrong_speaker == WrongSpeaker()


def test_the_total_weighs_words_alike() -> None:
    short, long = Spoken(said((None, "no"))), Spoken(said((None, "one of the nine things")))
    total = total_recognition([score_recognition(short, None), score_recognition(long, long)])
    assert total.as_written.rate == pytest.approx(1 / 6)
    assert total.wrong_speaker is None
