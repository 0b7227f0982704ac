"""What was in the papers or may be looked up: a fire, a flood, a trial, a prize, a violent death.

Few people live through them, and a date or a village beside one names the person.
"""

from collections.abc import Iterable

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.indirect.phrases import Phrases, joined, words_before
from transcriber.engines.presidio.recogniser import Match, WordRecogniser
from transcriber.stages.words import TextWords, word_set

TYPE = EntityType.EVENT.value

EVENTS = Phrases(
    """house fire, flat fire, chip pan fire, factory fire, mill fire, pub fire, barn fire, forest
    fire, wildfire, bush fire, arson, burned to the ground, burnt to the ground, burned down,
    burnt down, explosion, gas explosion, mining disaster, pit disaster, blew up, the floods,
    great flood, flash flood, flooded out, was flooded, got flooded, were flooded, storm surge,
    tsunami, tornado, hurricane, cyclone, typhoon, earthquake, landslide, mudslide, avalanche,
    volcano, lightning strike, struck by lightning, building collapse, roof collapsed, bridge
    collapse, dam burst, crane collapse, car crash, car accident, car wreck, bus crash, train
    crash, plane crash, coach crash, lorry crash, motorbike accident, motorcycle accident, road
    accident, traffic accident, hit and run, pile up, derailment, derailed, run over by, knocked
    down by, shipwreck, ferry disaster, capsized, drowned, drowning, farm accident, industrial
    accident, accident at work, work accident, mining accident, fell off the roof, fell from the
    roof, scaffold fell, murder, murdered, manslaughter, homicide, killed himself, killed
    herself, killed themselves, took his own life, took her own life, take his own life, take her
    own life, taken his own life, taken her own life, did away with himself, did away with
    herself, done away with himself, hanged himself, hung himself, hanged herself, suicide, shot
    himself, threw himself, jumped off the, stabbing, stabbed, shooting, shootout, mass shooting,
    school shooting, drive by, gunman, was shot, got shot, been shot, bombing, bomb, bombed, bomb
    scare, car bomb, blown up, terrorist, terror attack, riot, rioting, massacre, genocide,
    kidnapped, kidnapping, hostage, abducted, abduction, went missing, missing person, body was
    found, found dead, found his body, found her body, acid attack, raped, rape case, sexual
    assault, sexually assaulted, assaulted, mugged, mugging, burgled, burglary, armed robbery,
    robbery, held up at gunpoint, knifepoint, fire bombed, petrol bomb, bricks through, arrested,
    arrest warrant, police raid, dawn raid, raided, charged with, pleaded guilty, found guilty,
    convicted, acquitted, sentenced, jailed, went to prison, sent to prison, in prison, in jail,
    went to jail, sent down for, court case, crown court, high court, in court for, tribunal,
    employment tribunal, lawsuit, sued, suing, inquest, public inquiry, the inquiry, serious case
    review, whistleblower, whistle blower, scandal, disciplinary, suspended from work, struck
    off, deported, deportation, detention centre, detention center, immigration raid, asylum
    hearing, on the front page, front page of, the headlines, made the news, made headlines,
    local news, local paper, went viral, going viral, documentary about, book about her, book
    about him, newspaper article, press conference, mbe, obe, cbe, knighted, knighthood,
    damehood, george cross, victoria cross, purple heart, bronze star, military cross, medal of
    honor, medal from the, won an award, won the award, got an award, volunteer of the year,
    nurse of the year, midwife of the year, teacher of the year, carer of the year, business of
    the year, of the year award, pride of britain, met the queen, met the king, met the princess,
    royal visit, garden party at, buckingham palace, won the lottery, lottery win, won the pools,
    world record, record holder, world champion, national champion, olympics, commonwealth games,
    world cup squad, stood for parliament, ran for mayor, ran for office, ran for council,
    elected to, petition to save, protest march, led the strike, miners strike, hunger strike,
    closure of the, factory closed, mill closed, pit closed, school closed down, plant closed,
    yard closed, shut the factory, made redundant from, evacuated, evacuation, siege, lockdown
    drill, war broke out, shelling, air strike, airstrike, blown to bits, mortar attack, refugee
    camp, landmine, land mine, ied, roadside bomb, rescued by, lifeboat rescue, air ambulance,
    helicoptered, airlifted, mountain rescue, gave birth in the car, born in the car, gave birth
    on the, born in a taxi, delivered the baby in, collapsed on stage, outbreak at, outbreak of,
    legionnaires, food poisoning outbreak, data breach, hoax call, haunted, exorcism, miracle
    cure, fraud, fraudster, embezzlement, embezzled, bankrupt, bankruptcy"""
)
"""Phrases of what is rare or public, from everyday knowledge."""

REPORTED = Phrases(
    """in the papers, in the paper, in the newspaper, in the newspapers, in the news, on the news,
    on the telly, on telly, on television, on tv, on the radio, in every paper, in all the papers"""
)
HAPPENED = word_set("was were been got went came had put")
PLAIN = Phrases(
    """fire, flood, accident, crash, trial, shipwreck, strike, attack, leak, spill, collapse, surge,
    disaster, outbreak, blaze, raid, closure, walkout, lockout, scandal, inquiry, hearing"""
)
"""Words that mean one event only as `the fire in …`, `since the flood`."""
TIMED = (["after"], ["since"], ["before"], ["during"], ["until"], ["till"])
PLAIN_AFTER = word_set("in at happened")
COVERED = word_set(
    "drowning stabbing haunted bomb fraud raided evacuated shooting drive elected rescued sued"
)
"""Said of feelings and of trifles as well: they count behind an article or a form of `be`."""
MAKES_REAL = word_set("the a an was were been being got that this is are their his her")
NO_EVENT = word_set("alarm drill extinguisher engine station door escape brigade exit doors safety")


class EventRecogniser(WordRecogniser):
    """Finds rare and public events."""

    types = (TYPE,)
    title = "rare or public event"

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield phrases that mean an event, then plain words that the talk makes one."""
        for first, last in EVENTS.find(words):
            if last > first or _is_real(words, first):
                yield Match(TYPE, first, last, 0.7)
        for first, last in REPORTED.find(words):
            if HAPPENED.intersection(words_before(words, first, 3)):
                yield Match(TYPE, first, last, 0.5)
        for first, last in PLAIN.find(words):
            if _is_the_one(words, first):
                yield Match(TYPE, first, last, 0.5)


def _is_real(words: TextWords, at: int) -> bool:
    if words.plain(at) not in COVERED:
        return True
    before = words_before(words, at, 3)
    # The article may stand before what tells which one: `the bus station stabbing`.
    return not MAKES_REAL.isdisjoint(before[:1] if words.plain(at + 1) == "in" else before)


def _is_the_one(words: TextWords, at: int) -> bool:
    """`the fire in the mill`, `after the gas leak`; not `a fire in the grate`, `by the fire`."""
    before = words_before(words, at, 4)
    if words.plain(at + 1) in NO_EVENT or not {"the", "that"}.intersection(before[:3]):
        return False
    article = min(before.index(word) for word in ("the", "that") if word in before)
    happened = words.plain(at + 1) in PLAIN_AFTER and joined(words, at, at + 1)
    return (happened and article == 0) or before[article + 1 : article + 2] in TIMED
