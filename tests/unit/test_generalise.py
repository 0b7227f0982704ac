"""Coarser wordings: never finer than the level, distinct where they must be, and recognisable."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.interviews import interviews
from transcriber.domain.finding import Action, EntityType
from transcriber.domain.policy import Locale, Policy, Style
from transcriber.stages.generalise.ages import age_band
from transcriber.stages.generalise.apply import GENERALISED, LEVELS, NUMBERED, generalised, numbered
from transcriber.stages.generalise.dates import coarser_date
from transcriber.stages.generalise.occupations import occupation_group
from transcriber.stages.generalise.organisations import organisation_kind
from transcriber.stages.generalise.places import coarser_place
from transcriber.stages.generalise.postcodes import postcode_area
from transcriber.stages.words import word_set


def policy(kind: EntityType, level: str = "", locale: Locale = Locale.GB) -> Policy:
    levels = {kind: level} if level else {}
    return Policy("p", Style.LABEL, {kind: Action.GENERALISE}, levels, locale)


@pytest.mark.parametrize(
    ("text", "ten", "five", "stage"),
    [
        ("six months old", "under 1", "under 1", "baby"),
        ("a month old", "under 1", "under 1", "baby"),
        ("a year old", "aged 1-4", "aged 1-4", "pre-school child"),
        ("18 months old", "aged 1-4", "aged 1-4", "pre-school child"),
        ("seven years old", "aged 5-11", "aged 5-9", "primary-age child"),
        ("17", "aged 12-17", "aged 15-19", "teenager"),
        ("late teens", "aged 13-19", "aged 13-19", "teenager"),
        ("nineteen", "aged 18-29", "aged 15-19", "young adult"),
        ("sixty-two years old", "aged 60-69", "aged 60-64", "adult"),
        ("early forties", "aged 40-49", "aged 40-49", "adult"),
        ("40s", "aged 40-49", "aged 40-49", "adult"),
        ("eighty nine", "aged 80-89", "aged 85-89", "older adult"),
        ("a hundred and two", "aged 90 or over", "aged 90 or over", "older adult"),
    ],
)
def test_ages_become_bands(text: str, ten: str, five: str, stage: str) -> None:
    assert age_band(text, "ten-years") == f"[{ten}]"
    assert age_band(text, "five-years") == f"[{five}]"
    assert age_band(text, "life-stage") == f"[{stage}]"


def test_what_is_no_age_has_no_band() -> None:
    assert age_band("that age") is None


@pytest.mark.parametrize(
    ("text", "coarser"),
    [
        ("14 March 2019", ("March 2019", "spring 2019", "2019", "2015-2019", "2010s")),
        ("the fourth of May", ("May", "spring", None, None, None)),
        ("march two thousand and nineteen", ("March 2019", "spring 2019", "2019")),
        ("March twenty twenty nineteen", ("March 2019",)),
        ("the twenty third of October twenty eighteen", ("October 2018", "autumn 2018")),
        ("5 January 2020", ("January 2020", "winter 2019-20", "2020")),
        ("thirtieth of December 1999", ("December 1999", "winter 1999-00", "1999")),
        ("Christmas 2019", ("December 2019", "winter 2019-20")),
        ("summer twenty fifteen", ("summer 2015", "summer 2015", "2015", "2015-2019")),
        ("Eid 2021", ("2021", "2021", "2021", "2020-2024", "2020s")),
        ("nineteen eighty four", ("1984", "1984", "1984", "1980-1984", "1980s")),
        ("the nineteen sixties", ("1960s", "1960s", "1960s", "1960s", "1960s")),
        ("14/03/2019", ("March 2019",)),
        ("03/14/2019", ("March 2019",)),
        ("2019-03-14", ("March 2019",)),
        ("14/03/19", (None, None, None)),
        ("40/40/2019", (None, None, None)),
        ("the twenties", (None, None, None)),
    ],
)
def test_dates_lose_what_the_level_says(text: str, coarser: tuple[str | None, ...]) -> None:
    for level, wording in zip(LEVELS[EntityType.DATE], coarser, strict=False):
        assert coarser_date(text, level) == (wording and f"[{wording}]")


def test_figures_are_read_as_the_locale_writes_them() -> None:
    assert coarser_date("03/04/2019", "month", Locale.IE) == "[April 2019]"
    assert coarser_date("03/04/2019", "month", Locale.US) == "[March 2019]"
    assert coarser_date("1 October 2019", "season", Locale.US) == "[fall 2019]"


@pytest.mark.parametrize(
    ("text", "locale", "kind", "region", "country"),
    [
        ("Poulton-le-Fylde", "GB", "town", "North West of England", "England"),
        ("garstang", "GB", "town", "North West of England", "England"),
        ("Leeds", "GB", "city", "Yorkshire and the Humber", "England"),
        ("Hull", "GB", "city", "Yorkshire and the Humber", "England"),
        ("Glossop", "GB", "town", "East Midlands", "England"),
        ("Slough", "GB", "town", "South East of England", "England"),
        ("Cardiff", "GB", "city", "Wales", "Wales"),
        ("Perth", "GB", "town", "Scotland", "Scotland"),
        ("Boston", "GB", "town", "East Midlands", "England"),
        ("Boston", "US", "city", "Northeast of the US", "United States"),
        ("Melbourne", "GB", "city", "Oceania", "Australia"),
        ("London", "GB", "city", "England", "England"),
        ("Yorkshire", "GB", "county", "England", "England"),
        ("County Durham", "GB", "county", "North East of England", "England"),
        ("Galway", "IE", "city", "Connacht", "Ireland"),
        ("Co. Galway", "IE", "county", "Connacht", "Ireland"),
        ("kilrush", "IE", "village", "Munster", "Ireland"),
        ("mayo", "IE", "county", "Connacht", "Ireland"),
        ("Georgia", "US", "state", "South of the US", "United States"),
        ("Georgia", "GB", "country", "Asia", "Asia"),
        ("Poland", "GB", "country", "Europe", "Europe"),
        ("the UK", "GB", "country", "Europe", "Europe"),
        ("England", "GB", "country", "United Kingdom", "United Kingdom"),
        ("the North West", "GB", "region", "England", "England"),
    ],
)
def test_places_say_what_they_are_and_where(
    text: str, locale: str, kind: str, region: str, country: str
) -> None:
    expected = (f"[{kind}]", f"[{kind}, {region}]", f"[{kind}, {country}]")
    levels = ("kind", "region", "country")
    assert tuple(coarser_place(text, level, Locale(locale)) for level in levels) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Villiers Lane", "street"),
        ("River Wyre", "river or lake"),
        ("ear lam", "place"),
        ("", "place"),
        ("Europe", "continent"),
    ],
)
def test_what_no_gazetteer_knows_is_told_by_its_head_or_is_a_place(text: str, kind: str) -> None:
    assert coarser_place(text, "region") == f"[{kind}]"


def test_namesakes_in_different_regions_leave_the_region_out() -> None:
    assert coarser_place("Richmond", "region") == "[town, England]"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Royal Lancaster Infirmary", "hospital"),
        ("University Hospital of North Tees", "hospital"),
        ("St Mary's Church School", "school"),
        ("Church of England Primary School", "primary school"),
        ("garstang high school", "secondary school"),
        ("University of Ashford", "university"),
        ("wind mere surgery", "GP surgery"),
        ("Lancashire County Council", "council"),
        ("East Lancs NHS Trust", "health trust"),
        ("Albion Mill", "factory"),
        ("mill brook", "organisation"),
        ("HMP Preston", "prison"),
        ("Kestrel Systems Ltd", "company"),
        ("Feldman's", "organisation"),
    ],
)
def test_organisations_become_their_kind(text: str, kind: str) -> None:
    assert organisation_kind(text) == f"[{kind}]"


@pytest.mark.parametrize(
    ("text", "locale", "area"),
    [
        ("PR3 1AA", "GB", "[PR area]"),
        ("P R three one double A", "GB", "[PR area]"),
        ("M, er, thirteen nine P L", "GB", "[M area]"),
        ("four z q", "GB", None),
        ("D04 X2Y3", "IE", "[D area]"),
        ("60614", "US", "[606 area]"),
        ("six oh six one four", "US", "[606 area]"),
        ("05901", "US", None),
    ],
)
def test_postcodes_become_their_area(text: str, locale: str, area: str | None) -> None:
    assert postcode_area(text, Locale(locale)) == area


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("midwives' manager", "[manager or director]"),
        ("submarine engineer", "[professional occupation]"),
        ("dental nurse", "[caring, leisure or service occupation]"),
        ("dinner lady", "[elementary occupation]"),
        ("train drivers", "[plant or machine operative]"),
        ("lollipop", None),
    ],
)
def test_occupations_become_their_major_group(text: str, group: str | None) -> None:
    assert occupation_group(text) == group


def test_numbers_tell_two_towns_apart() -> None:
    assert numbered("[town]", 3) == "[town 3]"
    assert numbered("[town, Wales]", 12) == "[town 12, Wales]"


def test_a_type_that_has_no_generaliser_gets_none() -> None:
    assert generalised(EntityType.PERSON, "Sarah", policy(EntityType.PERSON)) is None


EVERY_LEVEL = [(kind, level) for kind, levels in LEVELS.items() for level in levels]


def wordings(kind: EntityType, level: str, text: str) -> list[str]:
    """What becomes of `text` in every locale, with the number where there is one."""
    found = (generalised(kind, text, policy(kind, level, locale)) for locale in Locale)
    return [numbered(w, 7) if kind in NUMBERED else w for w in found if w is not None]


@pytest.mark.parametrize(("kind", "level"), EVERY_LEVEL)
def test_our_interviews_are_generalised_to_what_is_recognised_again(
    kind: EntityType, level: str
) -> None:
    said = {mark.text for each in interviews() for mark in each.gold if mark.type == kind.value}
    written = [wording for text in said for wording in wordings(kind, level, text)]
    assert written
    assert [wording for wording in written if not GENERALISED.fullmatch(wording)] == []


@pytest.mark.parametrize("kind", [EntityType.LOCATION, EntityType.ORGANISATION])
def test_no_name_of_our_interviews_is_in_its_own_wording(kind: EntityType) -> None:
    for each in interviews():
        for mark in each.gold:
            if mark.type == kind.value:
                for level in LEVELS[kind]:
                    for wording in wordings(kind, level, mark.text):
                        assert mark.text.casefold() not in wording.casefold()


SPOKEN = sorted(
    word_set(
        "nineteen twenty eighty four 4 14 2019 the of May March summer Christmas 1980s eighties "
        "first 2nd / - . P R three double A oh county Co Lancashire Leeds North West Road River "
        "school university mill months old a year forties 99 teens \U0001f642 \u0660 \u202e"
    )
)


@settings(max_examples=200)
@given(
    st.one_of(st.text(max_size=20), st.lists(st.sampled_from(SPOKEN), max_size=7).map(" ".join)),
    st.sampled_from(EVERY_LEVEL),
)
def test_whatever_is_said_the_wording_is_ours(text: str, rule: tuple[EntityType, str]) -> None:
    for wording in wordings(*rule, text):
        assert GENERALISED.fullmatch(wording)


def test_what_people_write_in_brackets_is_not_taken_for_ours() -> None:
    for text in ("[laughs]", "[Sarah]", "[Sarah, Leeds]", "[P03]", "[JB]", "[inaudible 00:12]"):
        assert GENERALISED.fullmatch(text) is None
