"""When a mention counts as covered, and what the totals say, on a text made up here."""

import pytest

from transcriber.domain.finding import Action, EntityType, Finding
from transcriber.evaluation.bootstrap import recall_interval
from transcriber.evaluation.redaction import Identifies, Judged, Mention, score_redaction
from transcriber.evaluation.redaction_totals import total_redaction

TEXT = "Ann O'Neil of Leeds met Tuesday's nurse."


def mention(text: str, entity_type: str, identifies: Identifies) -> Mention:
    start = TEXT.index(text)
    return Mention(start, start + len(text), entity_type, identifies)


ANN = mention("Ann O'Neil", "PERSON", Identifies.DIRECT)
LEEDS = mention("Leeds", "LOCATION", Identifies.QUASI)
TUESDAY = mention("Tuesday", "OTHER", Identifies.NEUTRAL)
GOLD = (ANN, LEEDS, TUESDAY)


def finding(
    text: str,
    entity_type: EntityType = EntityType.PERSON,
    action: Action | None = Action.REPLACE,
    part: str | None = None,
) -> Finding:
    start = TEXT.index(text)
    return Finding(
        start, start + len(text), entity_type, text, 1.0, "test", part=part, action=action
    )


def judge(*findings: Finding) -> Judged:
    return score_redaction(TEXT, [ANN], findings).judged[0]


def test_parts_together_cover_a_mention() -> None:
    assert judge(finding("Ann"), finding("O"), finding("Neil")) == Judged(ANN, True, True)


def test_one_letter_left_is_a_miss() -> None:
    assert judge(finding("Ann"), finding("Neil")) == Judged(ANN, False, False)


def test_the_type_must_be_right_in_every_part() -> None:
    mixed = judge(finding("Ann"), finding("O'Neil", EntityType.LOCATION))
    assert mixed == Judged(ANN, True, False)
    both = judge(finding("Ann O'Neil", EntityType.LOCATION), finding("Ann O'Neil"))
    assert both == Judged(ANN, True, True)


def test_a_longer_finding_covers_what_lies_in_it() -> None:
    assert judge(finding("Ann O'Neil of Leeds")).covered


@pytest.mark.parametrize(
    "nothing",
    [
        finding("Ann O'Neil", action=Action.FLAG),
        finding("Ann O'Neil", action=Action.KEEP),
        finding("Ann O'Neil", part="header-1"),
    ],
    ids=["flag", "keep", "part"],
)
def test_what_stays_in_the_text_covers_nothing(nothing: Finding) -> None:
    assert not judge(nothing).covered


def test_what_was_generalised_or_has_no_action_yet_is_covered() -> None:
    assert judge(finding("Ann O'Neil", action=Action.GENERALISE)).covered
    assert judge(finding("Ann O'Neil", action=None)).covered


def test_precision_leaves_neutral_names_out() -> None:
    found = [finding("Leeds"), finding("Tuesday"), finding("met"), finding("nurse")]
    total = total_redaction([score_redaction(TEXT, GOLD, found)])
    assert total.precision == pytest.approx(5 / 13)
    assert (total.neutral.covered, total.neutral.mentions) == (1, 1)


def test_totals_count_texts_that_leak() -> None:
    clean = score_redaction(TEXT, GOLD, [finding("Ann O'Neil"), finding("Leeds")])
    quasi = score_redaction(TEXT, GOLD, [finding("Ann O'Neil")])
    direct = score_redaction(TEXT, GOLD, [finding("Leeds", EntityType.LOCATION)])
    total = total_redaction([clean, quasi, direct])
    assert (total.documents, total.leaking_direct, total.leaking_any) == (3, 1, 2)
    assert total.direct.tally.recall == pytest.approx(2 / 3)
    assert total.by_type["LOCATION"].typed == 1
    assert set(total.by_type) == {"PERSON", "LOCATION"}
    assert direct.missed(Identifies.DIRECT) == (ANN,)
    assert direct.missed(Identifies.QUASI) == ()


def test_nothing_found_has_no_precision() -> None:
    assert total_redaction([score_redaction(TEXT, GOLD, [])]).precision is None


def test_the_interval_holds_the_figure_and_is_always_the_same() -> None:
    counts = [(3, 5), (9, 10), (0, 2), (8, 8), (1, 4), (0, 0)]
    interval = recall_interval(counts)
    assert interval is not None
    low, high = interval
    assert 0 <= low < 21 / 29 < high <= 1
    assert recall_interval(counts) == interval


def test_few_texts_have_no_interval() -> None:
    assert recall_interval([(1, 2)] * 4 + [(0, 0)]) is None
