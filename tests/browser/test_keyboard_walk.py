"""From an upload to what leaves, by keyboard alone, against `transcriber serve` as it is started.

The sample focus group goes the whole way: names, upload, voices, words, names found, a withheld
passage, listening, the cold read, the signature and the files. Nothing is clicked; only the file is
chosen for the page, because that window belongs to the computer.
"""

import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import PATIENCE_MS, chromium
from tests.browser.hands import Hands
from tests.served import serving
from transcriber.sample import sample_audio

pytestmark = pytest.mark.slow

WORKED_MS = 1_500_000
"""A recording of three minutes, on a machine that others use too."""

ROSTER = "MOD: Daniel Price, Daniel\nP01: Sarah Whitfield, Sarah\nP03: Robert Ellis, Robert"
"""Andrew Mackenzie, whom they call Andy, is left out: the machine misses him."""

FILES = {"Word": "docx", "Plain text": "txt", "Subtitles": "vtt", "JSON": "json"}

GONE = (
    *("daniel", "price", "sarah", "with field", "whitfield", "andrew", "mackenzie", "on d", "andy"),
    *("robert", "ellis", "lilian", "jack", "thomas", "kevin", "clark", "ashford", "stone bridge"),
    *("bradford", "st mary", "nine zero zero", "example dot org", "seven years old"),
)
"""What the sample says that tells who somebody is, as the small recogniser writes it."""


def test_a_recording_goes_from_upload_to_release_by_keyboard_alone(tmp_path: Path) -> None:
    with serving() as serve, chromium() as browser:
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        page.set_default_timeout(PATIENCE_MS)
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        hands = Hands(page)
        page.goto(serve.link)
        hands.follow("Sign in", "**/studies")
        make_study(hands)
        upload(hands)
        let_the_draft_be_checked(hands)
        name_voices(hands)
        decide_for_the_study(hands)
        correct_words_while_listening(hands)
        mark_a_missed_name(hands)
        withhold_a_passage(hands)
        merge_a_voice(hands)
        decide_on_what_is_left(hands)
        listen_to_all(hands)
        read_all(hands)
        sign(hands)
        for name, kind in FILES.items():
            text = taken(hands, name, tmp_path / f"release.{kind}").casefold()
            assert "thank you for coming today" in text, kind
            assert [said for said in GONE if re.search(rf"\b{said}\b", text)] == [], kind
            assert "[passage withheld, 0:0" in text or kind == "json", kind
        assert wrong == []


def make_study(hands: Hands) -> None:
    hands.follow("Make the first study", "**/studies/new")
    hands.answer("What is the study called?", "Peer support")
    hands.follow("Go on to people", "**/people")
    hands.answer("Who takes part?", ROSTER)
    hands.answer("Which children", "Lily\nJack\nThomas")
    hands.follow("Save and go on", "**/places")
    hands.answer("Which villages", "Ashford\nStonebridge\nBradford")
    for step in ("rules", "promises", "members"):
        hands.follow("Save and go on", f"**/{step}")
    hands.follow("Go to the recordings", "**/studies/*")


def upload(hands: Hands) -> None:
    hands.follow("Add recordings", "**/upload")
    hands.reach("Interviews")
    hands.press("ArrowDown")
    hands.reach("Files")
    hands.page.locator("*:focus").set_input_files(str(sample_audio()))
    hands.follow("FG01", "**/recordings/*")
    leads = hands.page.get_by_role("link", name="Check it, listening")
    expect(leads).to_be_visible(timeout=WORKED_MS)


def let_the_draft_be_checked(hands: Hands) -> None:
    hands.follow("Sign it off", "**/sign-off")
    hands.reach("Let this draft be checked")
    hands.press("Enter")
    hands.answer("Why?", "No speech model is installed, and each word is checked by ear.")
    hands.reach("Let it be signed")
    hands.press("Enter")
    expect(hands.page.get_by_text("An administrator let it be signed")).to_be_visible()


def name_voices(hands: Hands) -> None:
    check(hands, "Review")
    hands.follow("Voices", "**/voices")
    cards = hands.page.locator(".voice")
    labels = (("MOD", ""), ("FG1_P1", "P01"), ("FG1_P2", ""), ("FG1_P3", "P03"))
    for number, (voice, label) in enumerate(labels):
        hands.reach(f"Play {voice}, Clip 1")
        clip = cards.nth(number).get_by_role("button", name="Clip 1")
        hands.press("Space")
        expect(clip).to_have_attribute("aria-pressed", "true")
        hands.press("Space")
        if label:
            hands.choose("Who is it?", label)
        elif voice != "MOD":
            hands.answer("Or a label of your own", "P02")
        hands.reach("Yes, keep this")
        hands.press("Enter")
        expect(cards.nth(number)).to_contain_text("You or a colleague said so")


def decide_for_the_study(hands: Hands) -> None:
    check(hands, "Go on to the words")
    hands.follow("All names of the study", "**/names-found")
    wait_for_search(hands, "Take out 2 mentions of ashford")
    hands.reach("Take out 2 mentions of ashford")
    hands.press("Enter")
    taken_back = hands.page.get_by_role("button", name="Take the decision back on ashford")
    expect(taken_back).to_be_visible()
    hands.follow("FG01", "**/review*")
    whole(hands.page)


def wait_for_search(hands: Hands, name: str) -> None:
    """Open the page again until the machine has found what it looks for meanwhile."""
    for _ in range(60):
        if hands.page.get_by_role("button", name=name).count():
            return
        hands.page.wait_for_timeout(1000)
        hands.page.reload()


def correct_words_while_listening(hands: Hands) -> None:
    find(hands, "pew robert")
    hands.press("Space")
    expect(hands.page.locator("[data-sound=toggle]")).to_have_text("Pause")
    hands.press("Enter")
    hands.write("thank you robert sarah can you tell us about the first mother that you helped")
    hands.press("Enter")
    hands.saved()
    expect(hands.page.locator("#turns")).to_contain_text("can you tell us about the first mother")


def mark_a_missed_name(hands: Hands) -> None:
    find(hands, "andrew mackenzie")
    hands.press("m")
    ask = hands.page.locator("#ask")
    expect(ask).to_contain_text("Only sounds like it: 1 more here")
    hands.press("s")
    expect(hands.page.locator("mark.here .was")).to_have_text("on d")
    hands.press("S")
    hands.saved()
    expect(hands.page.locator("mark.sound-like", has_text="on d")).to_have_class(
        re.compile(r"\baccepted\b")
    )


def withhold_a_passage(hands: Hands) -> None:
    find(hands, "kevin")
    hands.press("Escape", "Escape", "d")
    expect(hands.page.get_by_label("Why?")).to_be_focused()
    hands.write("They asked for it to stay out.")
    hands.reach("Take it out")
    hands.press("Enter")
    hands.saved()
    expect(hands.page.locator("#turns")).to_contain_text("They asked for it to stay out.")


def merge_a_voice(hands: Hands) -> None:
    """Give a turn to a voice of its own, as a recogniser may, and join the two again."""
    find(hands, "secret the cup")
    hands.press("Escape", "Escape", "w")
    hands.choose("It was", "another")
    hands.answer("Label of the new voice", "P09")
    hands.reach("Change it")
    hands.press("Enter")
    hands.saved()
    hands.follow("Voices", "**/voices")
    hands.reach("Yes, keep this for P09")
    hands.reach("The same person as another voice")
    hands.press("Enter")
    hands.choose("P09 is really", "P02")
    hands.reach("Merge them")
    hands.press("Enter")
    expect(hands.page.get_by_role("heading", name="P09", exact=True)).to_have_count(0)


def decide_on_what_is_left(hands: Hands) -> None:
    """One mark after another; what only sounds like a name by chance stays as it was said."""
    check(hands, "Go on to the words")
    page = hands.page
    while page.locator("mark.proposed").count():
        hands.press("n")
        by_chance = page.locator("mark.here .was").inner_text().startswith("had failed")
        hands.press("r" if by_chance else "a")
    hands.saved()
    expect(page.locator("#progress")).to_contain_text(re.compile(r"(\d+) of \1 decided"))


def listen_to_all(hands: Hands) -> None:
    """Where a busy machine lets the sound jump, what was jumped over is listened to again."""
    hands.follow("Listen to the whole recording", "**/listen")
    hands.choose("Speed", "2")
    left, toggle = (
        hands.page.locator(f"[data-{part}]") for part in ("listen=left", "sound=toggle")
    )
    while left.inner_text() != "All of the talk was heard.":
        hands.reach("Listen from the first unheard turn")
        hands.press("Enter")
        expect(toggle).to_have_text("Pause")
        expect(toggle).to_have_text("Play", timeout=WORKED_MS)


def read_all(hands: Hands) -> None:
    hands.follow("Cold read", "**/read*")
    count = hands.page.locator("#count")
    found = re.fullmatch(r"0 of (\d+) turns confirmed", count.inner_text())
    assert found is not None
    turns = int(found[1])
    for number in range(1, turns + 1):
        hands.press("Enter")
        expect(count).to_have_text(f"{number} of {turns} turns confirmed")
    expect(hands.page.get_by_role("link", name="Go to sign-off")).to_be_focused()
    hands.press("Enter")
    hands.page.wait_for_url("**/sign-off")


def sign(hands: Hands) -> None:
    looks = hands.page.get_by_role("button", name="I looked, it may stay")
    for left in range(looks.count(), 0, -1):
        hands.reach("I looked, it may stay")
        hands.press("Enter")
        expect(looks).to_have_count(left - 1)
    hands.reach("Sign FG01 off")
    hands.press("Enter")
    hands.page.wait_for_url("**/releases/*")
    expect(hands.page.get_by_text("Signed off and released.")).to_be_visible()


def taken(hands: Hands, name: str, path: Path) -> str:
    """Download a release and return all that is written in it."""
    hands.reach(name)
    with hands.page.expect_download() as download:
        hands.press("Enter")
    download.value.save_as(path)
    if path.suffix != ".docx":
        return path.read_text()
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as parts:
        told = " ".join(parts.read(part).decode() for part in parts.namelist())
    return re.sub(r"<[^>]*>", "", told)


def check(hands: Hands, name: str) -> None:
    """Follow a link or button that leads to the review."""
    hands.follow(name, "**/review*")
    whole(hands.page)


def whole(page: Page) -> None:
    """Wait until all turns are there."""
    page.wait_for_selector("#review[data-whole=true]")


def find(hands: Hands, words: str) -> None:
    """Go to where some words are said: they are chosen."""
    hands.press("/")
    hands.write(words)
    hands.press("Enter")
