"""Talk with many numbers that identify nobody: every finding in it is a false alarm."""

from collections.abc import Callable
from random import Random

from tests.stress.spoken_forms import UNITS, below_hundred, ordinal_said

TEMPLATES = (
    "she was {n} pounds {u} ounces at birth and {n} pounds {u} by week {u}",
    "i'd say {n} minutes on one side and {n} on the other",
    "it cost {n} pounds, then {n} ninety nine, and now it's £{d}.{dd}",
    "we had {n} or {n} people, maybe {n} on a good day",
    "about {n} years ago we moved and {u} years later we moved again",
    "the room is {n} foot by {n}, so {d} by {d} with the bay",
    "i get the {d} bus or the {d}, and the {d} only comes every {n} minutes",
    "it's on channel {d}, no, {d} is the news",
    "we lost {u} {u} and then won {u} nil, {u} {u} on aggregate",
    "you get {n} percent back, or {d}% if you wait {u} months",
    "one in {u} mothers, so {d} out of {d}, said yes",
    "i was in labour for {n} hours and then another {u}",
    "half past {u}, no, quarter to {u}, about {u} forty five",
    "we open at {u} thirty and shut at {u}, {d}am to {d}pm",
    "take {u} scoops to {d} ml, every {u} hours, {u} times a day",
    "there were {n} of us in {u} rooms and {u} to a bed",
    "they give you {d}mg in the morning and {d}mg at night",
    "i walked {n} thousand steps, {d},{ddd} on Sunday",
    "the mortgage went from {n} hundred to {u} thousand {u} hundred a month",
    "£{d},{ddd} a year, or {n} pounds {n} an hour",
    "count with me, one two three four five six seven eight nine ten",
    "three, two, one, go",
    "ten, twenty, thirty, forty, fifty and so on up to a hundred",
    "two fours are eight, two fives are ten, {u} sixes",
    "page {d}, question {u}, and then go to {d}",
    "on a scale of one to ten i'd say {u}, maybe {u}, my husband says {u}",
    "i've got {u} kids, {u} grandchildren and {n} great nieces",
    "he did {n} weeks on, {u} weeks off, for {n} years",
    "it was minus {u} outside and {n} in the kitchen",
    "there's the size {u} and the size {n}, and a {d}E in some shops",
    "you need {u} eggs, {d} grams of flour, {d} of sugar and {u} hundred of butter",
    "we did {d} miles, {n} on the motorway, at {n} miles an hour",
    "every second Tuesday, first thing, third floor, second door",
    "the {ord} time it worked and the {ord} time it didn't",
    "in the first {u} weeks i fed her {n} times in {d} hours",
    "her sats were {d} and her temperature was {d}.{u}",
    "my blood pressure was {d} over {d}, then one forty over ninety",
    "it's four nights in a row, five, six, i lost count after seven",
    "twelve, thirteen, fourteen of them stood there",
    "the class is {n} children, {d} boys and {d} girls, one teacher",
    "i'd give it nine out of ten, and the other one two out of five",
    "she's {n} minutes late and i'm {u} weeks behind",
    "i am one of three, and he is one of {n}",
    "it's a hundred and {n} pounds a week, a thousand a term",
    "we've had {d} emails and {n} phone calls about it this week",
    "my phone had {n} percent and i rang {u} times",
    "the waiting list number is down from {d} to {d}",
    "there were {d} cases and {n} patients on the ward that night",
    "the reference group was {n} people and the other {d}",
    "i put {n} pounds in the account every month for {u} years",
    "we had number {u} in and then number {u} out, one after the other",
    "two or three, four at most, five if you count mine, six with hers",
    "twenty five families, thirty mothers, forty nine babies and {u} dads",
    "one, two, then none for a month, and then {u} at once",
    "nine to five, five days a week, {d} weeks a year",
    "a 2:1 from a 5 to 1 ratio, i don't know, 50-50",
    "at one point or dot or dash i stopped listening at about nine",
    "i look at that dot on the scan, dot dot dot, and slash the budget",
    "the a b c of it, your p's and q's, an a to z of feeding",
    "i did my a levels, then a b tec, then an n v q {u}",
    "the n h s, the g p, the c q c, the n c t and the b b c",
    "it's either plan a or plan b, c if we must",
    "vitamin d, hepatitis b, group b strep, type {u} diabetes, covid 19",
    "a and e is on level {u}, bay {u}, bed {n}",
    "terminal {u}, gate {n}, row {d}, seat {d}a",
    "the m six, the a fifty six, junction {n}, then the b road",
    "it was {u} months of the year, spring to autumn",
    "he's in year {u} and she is in year {n} now, form {u}b",
    "may be it will march on, one day in the second half",
    "we sat {u} feet apart for {d} minutes, {u} times",
    "the twins were {u} weeks early, {n} and {n} days in",
    "i'm {n} weeks gone, {d} weeks tomorrow, thirty six plus four",
    "i'm ten minutes away, i'm two for two, i'm one of many",
    "he was four pounds two and she was three fifteen",
    "i scored {n} and she scored {n}, {d} all at half time",
    "they are nineteen to the dozen, those {u}",
    "we were six to a table, all {n} of us, for {u} courses",
    "you know, oh, one of those things, oh, two of us went",
    "oh, seven of them, oh no, eight, and nine in the end",
    "double {u} it, triple the amount, {u} times over, double time on sundays",
    "see you at {u}, are you free at {u}, be there by {u}",
    "it took {d} attempts, {d} forms, {d} signatures and {u} stamps",
    "it's {d}p a minute, {d}p to connect, {n} pence a text",
    "the average is {d}.{dd}, last year it was {d}.{d}",
    "{d}, {d}, {d}, {d}: those were our numbers of visits by week",
    "the other {d} left after {n} days, which left {d}",
    "{n} or so from here, {d} from there, that's {d} in all",
    "two hundred and {n} responses from {u} thousand letters",
    "a {d}-bed unit with {n} staff, {u} on nights",
    "my mum had seven, her mum had nine, i had the two",
)


def ordinary_talk(words: int, rng: Random) -> str:
    """Return at least this many words of it, about a third with capitals and stops."""
    lines: list[str] = []
    count = 0
    while count < words:
        sentence = _filled(rng.choice(TEMPLATES), rng)
        if rng.random() < 0.3:
            sentence = f"{sentence[0].upper()}{sentence[1:]}."
        count += len(sentence.split())
        label = rng.choice(("", "", "P1: ", "INT: ", "Mod: "))
        if lines and rng.random() < 0.5:
            lines[-1] += " " + sentence
        else:
            lines.append(label + sentence)
    return "\n".join(lines)


def _filled(template: str, rng: Random) -> str:
    for slot, make in _SLOTS.items():
        while slot in template:
            template = template.replace(slot, make(rng), 1)
    return template


_SLOTS: dict[str, Callable[[Random], str]] = {
    "{ord}": lambda rng: ordinal_said(rng.randint(1, 9)),
    "{ddd}": lambda rng: f"{rng.randint(100, 999)}",
    "{dd}": lambda rng: f"{rng.randint(10, 99)}",
    "{d}": lambda rng: f"{rng.randint(2, 99)}",
    "{n}": lambda rng: below_hundred(rng.randint(11, 99)),
    "{u}": lambda rng: UNITS[rng.randint(2, 9)],
}
