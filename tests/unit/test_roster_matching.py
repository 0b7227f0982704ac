"""Names that a study knows: as written, inflected, and as a recogniser mishears them."""

import pytest

from transcriber.domain.finding import EntityType, Finding
from transcriber.domain.policy import Policy, Style
from transcriber.domain.roster import Participant, Roster
from transcriber.engines.presidio.detector import PresidioDetector
from transcriber.services.policy_file import load_policy
from transcriber.stages.detect import detect

ROSTER = Roster(
    participants=(
        Participant("Sarah Whitfield", "P01", ("Saz",)),
        Participant("Andrew Mackenzie", "P02", ("Andy",)),
        Participant("May Robinson", "P03"),
    ),
    people=("Caitríona", "Tom Greenwood", "Lily", "Robert Ellis"),
    places=("Poulton", "Stonebridge"),
    organisations=("The Willow Trust", "Saint Mary's Hospital"),
    keep=("Will Smith", "London"),
)


@pytest.fixture(scope="module")
def detector() -> PresidioDetector:
    return PresidioDetector()


def look(detector: PresidioDetector, text: str) -> tuple[Finding, ...]:
    return detect(text, load_policy("default"), ROSTER, [detector])


FOUND = [
    ("Then Sarah Whitfield spoke.", "Sarah Whitfield", "sarah whitfield", "roster"),
    ("then SARAH spoke", "SARAH", "sarah whitfield", "roster"),
    ("then saz spoke", "saz", "sarah whitfield", "roster"),
    ("It was Sarah's idea.", "Sarah", "sarah whitfield", "roster"),
    ("it was sarahs idea", "sarahs", "sarah whitfield", "roster"),
    ("It was Sarah\u2019s idea.", "Sarah", "sarah whitfield", "roster"),
    ("the whitfields came", "whitfields", "sarah whitfield", "roster"),
    ("I met May at lunch.", "May", "may robinson", "roster"),
    ("a woman called may came", "may", "may robinson", "roster"),
    ("we saw caitriona", "caitriona", "caitriona", "roster"),
    ("we saw Caitri\u0301ona", "Caitri\u0301ona", "caitriona", "roster"),
    ("at st mary's hospital then", "st mary's hospital", "saint mary hospital", "roster"),
    ("with the willow trust then", "willow trust", "willow trust", "roster"),
    # misheard
    ("my name is sarah would feel yes", "sarah would feel", "sarah whitfield", None),
    ("my name is sarah with field yes", "sarah with field", "sarah whitfield", None),
    ("and katrina said so", "katrina", "caitriona", "roster-nickname"),
    ("we live in pole ton now", "pole ton", "poulton", "roster-sound"),
    ("we come from stone bridge which", "stone bridge", "stonebridge", "roster-sound"),
    ("it was tom grin would again", "tom grin would", "tom greenwood", None),
    ("then lilly came", "lilly", "lily", "roster-sound"),
    ("and andrew mckenzie came", "andrew mckenzie", "andrew mackenzie", None),
]


@pytest.mark.parametrize(("text", "words", "entity", "source"), FOUND, ids=[r[0] for r in FOUND])
def test_is_found(
    detector: PresidioDetector, text: str, words: str, entity: str, source: str | None
) -> None:
    (finding,) = (f for f in look(detector, text) if f.source.startswith("roster"))
    assert (finding.text, finding.entity) == (words, entity)
    assert source in (None, finding.source)


LEFT = [
    "it may rain in may",
    "May I say something",
    "i really would feel better if we would",
    "the pull of the town",
    "we met Will Smith in London",
    "she was a little late and lay low",
    "there were would be and could be",
]


@pytest.mark.parametrize("text", LEFT)
def test_is_left(detector: PresidioDetector, text: str) -> None:
    assert [f for f in look(detector, text) if f.entity_type is EntityType.PERSON] == []


def test_a_name_takes_in_no_word_that_is_unlike_its_rest(detector: PresidioDetector) -> None:
    texts = [f.text for f in look(detector, "this is robert he helped and robert we will stop")]
    assert texts == ["robert", "robert"]


def test_neighbours_stay_two_people(detector: PresidioDetector) -> None:
    assert [f.text for f in look(detector, "with sarah tom and lily")] == ["sarah", "tom", "lily"]


def test_a_first_name_that_two_people_share_is_neither(detector: PresidioDetector) -> None:
    roster = Roster(people=("Sarah Whitfield", "Sarah Price"))
    policy = Policy("p", Style.LABEL, load_policy("default").actions)
    (finding,) = detect("then sarah came", policy, roster, [detector])
    assert finding.entity == "sarah"


def test_an_address_is_one_thing_although_a_name_is_in_it(detector: PresidioDetector) -> None:
    (finding,) = look(detector, "write to sarah.whitfield@example.org")
    assert finding.entity_type is EntityType.EMAIL
    assert finding.text == "sarah.whitfield@example.org"


ORDINARY_TALK = """
so i think the first week was really hard because you just do not know what to feed them or when
and everybody tells you something else i felt alone to be honest and then one of the mothers said
come along on a friday have a cup of tea and a chat and nobody will judge you and i cried all the
way home but i went and it was the best thing i could have done we sat in a circle and talked about
sleep and milk and sore nipples and my husband would say you are so much better after that group
there were about ten of us and the room was cold so we kept our coats on and laughed about it later
i would not have carried on without them you know i would have given up on day nine or ten i am sure
it is not about telling people what to do it is about sitting there and listening and making a drink
some of them wanted to stop and that is fine too we never said you must go on we said what do you
need today and that was enough most of the time and the leader was lovely she would ring you up in
the evening and ask how the night had been and whether the baby had gained any weight that week
"""


def test_ordinary_talk_gives_no_sound_alike(detector: PresidioDetector) -> None:
    assert [f.text for f in look(detector, ORDINARY_TALK)] == []
