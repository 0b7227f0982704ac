"""What turned out to identify somebody is found again as it was written and as it was heard."""

import pytest

from transcriber.domain.finding import EntityType
from transcriber.domain.redacted import RedactedTurn, Token
from transcriber.stages.seen_again import seen_again, seen_there, sought_in

PERSON, PLACE, WORK = EntityType.PERSON, EntityType.LOCATION, EntityType.OCCUPATION


def turn(line: str, number: int = 0) -> RedactedTurn:
    tokens = tuple(
        Token(word, 1_000 * place, 1_000 * place + 900, redacted=word.startswith("["))
        for place, word in enumerate(line.split())
    )
    return RedactedTurn("P01", tokens, f"w{number}")


def found(words: str, kind: EntityType, *lines: str) -> list[tuple[int, int, int, bool]]:
    turns = [turn(line, number) for number, line in enumerate(lines)]
    return [
        (place.paragraph, place.first_ms // 1_000, place.last_ms // 1_000, place.by_sound)
        for place in seen_again(turns, sought_in(words, kind))
    ]


@pytest.mark.parametrize(
    ("words", "kind", "line", "expected"),
    [
        ("Marguerite", PERSON, "And then Marguerite's sister came.", [(1, 2, 2, False)]),
        ("Marguerite,", PERSON, "MARGUERITE came, with Marguerite", [(1, 0, 0), (1, 3, 3)]),
        ("Sarah Whitfield", PERSON, "So Mrs Whitfield and Sarah Whitfield", [(1, 2, 2), (1, 4, 5)]),
        ("Marguerite", PERSON, "I think that Margarite came along.", [(1, 3, 3, True)]),
        ("Sarah Whitfield", PERSON, "So Sarah with field.", [(1, 1, 1), (1, 1, 3, True)]),
        ("Garstang", PLACE, "She moved to Garstung in May.", [(1, 3, 3, True)]),
        ("Hope", PERSON, "I hope that Hope is well.", [(1, 3, 3, False)]),
        ("night midwife", WORK, "I was the night midwife there.", [(1, 3, 4, False)]),
        ("Marguerite", PERSON, "It was hard at first, and then it was not.", []),
        ("Person", PERSON, "Then [PERSON_1] told me.", []),
    ],
)
def test_where_else_words_stand(
    words: str, kind: EntityType, line: str, expected: list[tuple[int, ...]]
) -> None:
    assert found(words, kind, line) == [(*each, False)[:4] for each in expected]


def test_paragraphs_are_counted_and_no_run_goes_over_their_ends() -> None:
    assert found("Anne Marie", PERSON, "So was Anne", "Marie came and Anne Marie left") == [
        (1, 2, 2, False),
        (2, 0, 0, False),
        (2, 3, 4, False),
    ]
    assert sought_in("...", PERSON) == ()


def test_where_it_was_seen_it_counts_although_it_is_a_common_word_that_is_written_small() -> None:
    line = "I hope that hope came and [PERSON_1] left"
    assert found("hope", PERSON, line) == []
    said = turn(line)
    seen = (said.tokens[3], said.tokens[4])
    (place,) = seen_there([turn("So it was"), said], seen)
    assert (place.paragraph, place.first_ms, place.last_ms) == (2, 3_000, 4_000)
    assert not place.by_sound
    assert seen_there([turn("I hope that Hope, [PERSON_1]")], seen)[0].last_ms == 3_000
    assert seen_there([turn("I hope that [PERSON_1] came")], seen)[0].first_ms == 4_000
    assert seen_there([turn("I hope that rose went")], seen) == ()
    assert seen_there([turn(line)], ()) == ()
