"""Dates, dates of birth and ages, said and written."""

from random import Random

from tests.stress.spoken_forms import (
    UNITS,
    below_hundred,
    filler,
    mark,
    ordinal_said,
    suffix,
    turn,
    year_said,
)
from transcriber.domain.finding import EntityType
from transcriber.domain.policy import Locale

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)


def _date_said(rng: Random) -> tuple[str, str, str]:
    day, month, year = rng.randint(1, 28), rng.choice(MONTHS), rng.randint(1931, 2024)
    said_year = year_said(year, rng)
    said_day = ordinal_said(day)
    forms = {
        "day of month year": f"{said_day} of {month} {said_year}",
        "day month year": f"{said_day} {month} {said_year}",
        "month the day": f"{month} the {said_day} {said_year}",
        "month day": f"{month} {said_day} {said_year}",
        "day of month": f"{said_day} of {month}",
        "month year": f"{month} {said_year}",
        "short year": f"{said_day} of {month} {below_hundred(rng.randint(31, 99))}",
        "figure day": f"{day}{suffix(day)} of {month} {year}",
        "cardinal day": f"{below_hundred(day)} {month} {said_year}",
    }
    variant = rng.choice(list(forms))
    said = forms[variant]
    if variant in ("day of month year", "figure day") and rng.random() < 0.4:
        first, second = said.split(" of ")
        joint = filler(rng) if rng.random() < 0.5 else turn(rng)
        said, variant = f"{mark(first + ' of')}{joint}{mark(second)}", "broken"
    else:
        said = mark(said)
    talk = (
        *("i was born on the {}", "my date of birth is {}", "it happened on {} i think"),
        *("DOB {}", "she came home {} and that was that", "that was in {} or so"),
    )
    chosen = rng.choice(talk)
    return variant, said.lower() if rng.random() < 0.5 else said, chosen


def _date_in_figures(rng: Random) -> tuple[str, str, str]:
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(1931, 2024)
    name = MONTHS[month - 1]
    said = rng.choice(
        (
            f"{day:02}/{month:02}/{year}",
            f"{day}/{month}/{year % 100:02}",
            f"{day}.{month}.{year}",
            f"{day:02}-{month:02}-{year}",
            f"{year}-{month:02}-{day:02}",
            f"{day} {name} {year}",
            f"{name} {day}, {year}",
            f"{day} {name[:3]} {year}",
            f"{day}{suffix(day)} {name}, {year}",
            f"{name} {year}",
            f"{day:02}, {month:02}, {year}",
            f"{day} / {month} / {year}",
            f"{day:02} {month:02} {year}",
        )
    )
    return "figures", mark(said), rng.choice(("born {}", "my date of birth is {}", "dob {}"))


def _birth_in_numbers(rng: Random) -> tuple[str, str, str]:
    """`oh three oh four eighty four`, `the third of the fourth eighty four`."""
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(1941, 1999)
    short = below_hundred(year % 100)
    both = " ".join(
        f"oh {UNITS[n]}" if n < 10 else below_hundred(n) for n in (day, month)
    )  # fmt: skip
    said = rng.choice(
        (
            f"{both} {short}",
            f"{both} {year_said(year, rng)}",
            f"{ordinal_said(day)} of the {ordinal_said(month)} {short}",
            f"{ordinal_said(day)} of the {ordinal_said(month)} {year_said(year, rng)}",
        )
    )
    talk = ("date of birth {}", "my date of birth is {}", "dob, {}", "born on the {}")
    return "in numbers", mark(said), rng.choice(talk)


def _year(rng: Random) -> tuple[str, str, str]:
    year = rng.randint(1938, 2024)
    said = rng.choice((str(year), year_said(year, rng)))
    talk = (
        *(
            "i was born in {}",
            "we came over in {}",
            "i've been here since {}",
            "back in {} it shut",
        ),
        *("it was the summer of {}", "from about {} onwards", "born {}"),
    )
    return ("written" if said.isdigit() else "spoken"), mark(said), rng.choice(talk)


def _age(rng: Random) -> tuple[str, str, str]:
    age = rng.randint(13, 97)
    child = rng.randint(2, 9)
    said = rng.choice((str(age), below_hundred(age)))
    young = rng.choice((str(child), UNITS[child]))
    joined = below_hundred(age).replace(" ", "-")
    said, talk = rng.choice(
        (
            (said, "she's {} now"),
            (said, "i'm {} and i've had enough"),
            (said, "she turned {} in the spring"),
            (said, "a woman aged {} came in"),
            (f"{said} years old", "he was {}"),
            (f"{said} year old", "an {} fella at the bar"),
            (f"{young} year old", "my {} won't eat"),
            (f"{young}-year-old", "my {} won't eat"),
            (said, "when i was {} we moved"),
            (said, "i had her at {} and my mum went mad"),
            (said, "he'll be {} in june"),
            (said, "she died at the age of {}"),
            (said, "my mum's {}, still driving"),
            (joined, "I'm {}, love."),
            (said, "he is nearly {}"),
            (said, "she's only {}"),
            (said, "i'm {} next week"),
            (said, "How old are you?\nP1: {}"),
            (f"{below_hundred(max(age, 20) // 10 * 10)[:-1]}ies", "she's in her {}"),
            (said, "my age? {}"),
        )
    )
    return ("written" if said[0].isdigit() else "spoken"), mark(said), talk


_DATE = frozenset({EntityType.DATE})
DATES_AND_AGES = {
    "date said": (_date_said, _DATE, Locale.GB),
    "date in figures": (_date_in_figures, _DATE, Locale.GB),
    "birth in numbers": (_birth_in_numbers, _DATE | {EntityType.ID, EntityType.PHONE}, Locale.GB),
    "year": (_year, _DATE, Locale.GB),
    "age": (_age, frozenset({EntityType.AGE}), Locale.GB),
}
