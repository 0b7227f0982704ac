"""Checking a recording in Chromium: by key and by mouse, saved at once, and nothing lost."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.big_review import DEMO, Size, add_review, made_up, with_words
from tests.browser.desk import chromium, set_theme, signed_in
from tests.browser.looking import WCAG
from tests.hostile import HOSTILE
from tests.served import Serve, start
from transcriber.domain.access import Role
from transcriber.domain.finding import EntityType, Finding, Place
from transcriber.domain.review import FindingState
from transcriber.domain.transcript import Quality, Struck, Transcript
from transcriber.services.accounts import NewAccount, create_account
from transcriber.services.links import LinkKind, make_link, path_of
from transcriber.services.members import grant
from transcriber.services.review.state import Review, review_of
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.services.studies import StudyDraft, create_study

pytestmark = pytest.mark.slow

BIG_ENOUGH = Size(1_200, 180, 40, 12, 4, 480_000)
"""Three times the turns that come at first."""


@dataclass(frozen=True)
class Spot:
    """A recording of a study of its own, and where it is checked."""

    study_id: str
    recording_id: str
    address: str


@dataclass(frozen=True)
class Desk:
    """A service, its store, and a browser in which somebody is signed in."""

    store: Store
    account_id: str
    serve: Serve
    browser: Browser
    home: Path

    def add(self, transcript: Transcript, findings: tuple[Finding, ...] = ()) -> Spot:
        """Add a recording in a study of its own."""
        name = f"Study {len(list(self.home.iterdir()))}-{id(transcript)}"
        study = create_study(self.store, self.account_id, StudyDraft(name))
        recording_id = add_review(self.store, study, self.home, transcript, findings)
        address = f"{self.serve.address}/studies/{study.id}/recordings/{recording_id}/review"
        return Spot(study.id, recording_id, address)

    def open(self, place: Spot, account_id: str | None = None) -> Page:
        """Open the page of a recording with all its turns."""
        secret = make_link(self.store, account_id or self.account_id, LinkKind.SIGN_IN)
        page = signed_in(self.browser, self.serve.address + path_of(secret)).new_page()
        page.set_viewport_size({"width": 1_300, "height": 900})
        page.goto(place.address)
        page.wait_for_selector("#review[data-whole=true]")
        return page

    def review(self, place: Spot) -> Review:
        """Return what is kept of a recording."""
        return review_of(self.store, place.study_id, place.recording_id)


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with TemporaryDirectory(prefix="rp", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "h"
        home.mkdir()
        store = open_store(load_settings({"TRANSCRIBER_HOME": str(home)}))
        account = create_account(store, NewAccount("a@example.org", "Ann", begins_studies=True))
        serve = start(home, ["--web-only"])
        try:
            with chromium() as browser:
                yield Desk(store, account.id, serve, browser, home)
        finally:
            serve.stop()


_SAID = """() => Array.from(document.querySelectorAll("#turns .said"), (said) => {
    const copy = said.cloneNode(true);
    copy.querySelectorAll(".out").forEach((out) => out.remove());
    return copy.textContent;
}).join("\\n")"""
"""All that was said, without what leaves for it."""


def saved(page: Page) -> None:
    """Wait until nothing is on its way."""
    expect(page.locator("#review")).to_have_attribute("data-saved", "true")


def test_marks_are_decided_by_one_key_each_and_all_of_it_is_kept(desk: Desk) -> None:
    place = desk.add(*made_up(DEMO))
    page = desk.open(place)
    page.keyboard.press("n")
    here = page.locator("mark.here")
    expect(here).to_have_count(1)
    first = here.get_attribute("data-first")
    page.keyboard.press("a")
    expect(page.locator(f"mark[data-first={first}]")).to_have_class(re.compile(r"\baccepted\b"))
    page.keyboard.press("n")
    second = here.get_attribute("data-first")
    assert second != first
    page.keyboard.press("r")
    saved(page)
    states = {
        judged.finding.place.first_word: judged.state
        for judged in desk.review(place).findings
        if judged.finding.place
    }
    ids = [word.id for word in desk.review(place).transcript.words]
    assert states[ids.index(str(first))] is FindingState.ACCEPTED
    assert states[ids.index(str(second))] is FindingState.REJECTED
    expect(page.locator("#progress")).to_contain_text("2 of 16 decided")
    page.keyboard.press("u")
    saved(page)
    expect(page.locator(f"mark[data-first={second}]")).to_have_class(re.compile(r"\bproposed\b"))
    page.keyboard.press("U")
    saved(page)
    expect(page.locator(f"mark[data-first={second}]")).to_have_class(re.compile(r"\brejected\b"))


_MOVES = """() => {
    window.moved = [];
    new MutationObserver((seen) => seen.forEach(({ addedNodes }) => moved.push(...addedNodes)))
        .observe(document.getElementById("doubts"), { childList: true });
}"""


def test_a_decision_moves_the_row_of_its_name_and_no_other(desk: Desk) -> None:
    page = desk.open(desk.add(*made_up(DEMO)))
    keys = "() => Array.from(document.getElementById('doubts').children, (row) => row.dataset.e)"
    before = page.evaluate(keys)
    page.evaluate(_MOVES)
    page.locator(f".doubt[data-e='{before[0]}'] summary").click()
    page.locator(f".doubt[data-e='{before[0]}'] [data-all=acceptAll]").click()
    page.locator("#sure-yes").click()
    saved(page)
    expect(page.locator(".doubt.done")).to_have_count(1)
    assert page.evaluate(keys) == [*before[1:], before[0]]
    assert set(page.evaluate("moved.map((row) => row.dataset.e)")) == {before[0]}


def test_turns_come_in_lists_of_which_few_are_laid_out_at_once(desk: Desk) -> None:
    page = desk.open(desk.add(*made_up(BIG_ENOUGH)))
    sizes = page.evaluate(
        "Array.from(document.querySelectorAll('#turns > ol'), (l) => l.children.length)"
    )
    assert sizes == [20] * 9


def test_chosen_words_are_marked_widened_and_given_another_replacement(desk: Desk) -> None:
    place = desk.add(made_up(DEMO)[0])
    page = desk.open(place)
    turn = page.locator(".turn").filter(has_text="lovely").first
    turn.locator(".said").click(position={"x": 4, "y": 8})
    page.keyboard.press("ArrowRight")
    page.keyboard.press("m")
    saved(page)
    mark = page.locator("mark.added")
    expect(mark).to_have_count(1)
    one = str(mark.locator(".was").text_content())
    page.keyboard.press("]")
    saved(page)
    expect(mark).to_have_count(1)
    both = str(mark.locator(".was").text_content())
    assert both.startswith(one + " ")
    page.keyboard.press("c")
    page.get_by_label("It leaves as").fill("[a friend]")
    page.get_by_role("button", name="Change it").click()
    saved(page)
    expect(mark.locator(".out")).to_have_text("[a friend]")
    (judged,) = [j for j in desk.review(place).findings if j.state is FindingState.ADDED]
    assert (judged.finding.text, judged.finding.replacement) == (both, "[a friend]")


def test_words_are_corrected_in_place_and_keep_their_times(desk: Desk) -> None:
    place = desk.add(made_up(DEMO)[0])
    before = desk.review(place).transcript
    page = desk.open(place)
    number = next(n for n, s in enumerate(before.segments) if s.last_word - s.first_word == 3)
    span = before.segments[number]
    words = [before.words[n].text for n in range(span.first_word, span.last_word + 1)]
    turn = page.locator(f"#turn-{before.words[span.first_word].id}")
    turn.locator(".said").dblclick(position={"x": 4, "y": 8})
    box = page.get_by_label("Words of this turn")
    assert box.input_value() == " ".join(words)
    box.fill(f"{words[0]} Caitríona Ní {words[3]}")
    box.press("Enter")
    saved(page)
    expect(turn.locator(".said")).to_have_text(f"{words[0]} Caitríona Ní {words[3]}")
    after = desk.review(place).transcript
    assert [w.text for w in after.words[span.first_word : span.last_word + 1]] == [
        words[0],
        "Caitríona",
        "Ní",
        words[3],
    ]
    assert [w.interval for w in after.words] == [w.interval for w in before.words]


def test_a_word_is_found_everywhere_and_replaced_at_once(desk: Desk) -> None:
    place = desk.add(made_up(BIG_ENOUGH)[0])
    page = desk.open(place)
    count = sum(w.text == "lovely" for w in desk.review(place).transcript.words)
    page.keyboard.press("/")
    page.get_by_label("Find", exact=True).fill("lovely")
    expect(page.locator("#find-count")).to_contain_text(f"{count} places")
    page.get_by_label("Replace with").fill("lonely")
    page.get_by_role("button", name="Replace all").click()
    saved(page)
    texts = [w.text for w in desk.review(place).transcript.words]
    assert texts.count("lonely") == count
    assert "lovely" not in texts
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Undo").click()
    saved(page)
    assert [w.text for w in desk.review(place).transcript.words].count("lovely") == count


def test_undo_takes_back_what_was_done_last_also_for_the_whole_study(desk: Desk) -> None:
    place = desk.add(*made_up(DEMO))
    page = desk.open(place)

    def states() -> list[FindingState]:
        return [judged.state for judged in desk.review(place).findings]

    page.keyboard.press("n")
    page.keyboard.press("a")
    saved(page)
    one = states()
    page.keyboard.press("n")
    page.keyboard.press("G")
    page.locator("#sure-yes").click()
    saved(page)
    all_of_it = states()
    assert one.count(FindingState.ACCEPTED) == all_of_it.count(FindingState.ACCEPTED) == 1
    assert FindingState.REJECTED in all_of_it
    for key, expected in (("u", one), ("U", all_of_it), ("u", one)):
        page.keyboard.press(key)
        saved(page)
        assert states() == expected
    page.keyboard.press("u")
    saved(page)
    assert set(states()) == {FindingState.PROPOSED}


def test_a_link_leads_to_its_turn_however_far_down_and_the_place_is_kept(desk: Desk) -> None:
    place = desk.add(*made_up(BIG_ENOUGH))
    transcript = desk.review(place).transcript
    far, near = (transcript.words[transcript.segments[n].first_word].id for n in (150, 120))
    page = desk.open(replace(place, address=f"{place.address}#turn-{far}"))
    expect(page.locator(f"#turn-{far}")).to_be_focused()
    expect(page.locator(f"#turn-{far}")).to_be_in_viewport()
    page.evaluate(f"location.hash = 'turn-{near}'")
    expect(page.locator(f"#turn-{near}")).to_be_focused()
    page.keyboard.press("J")
    here = page.locator(".turn.here")
    expect(here).not_to_have_id(f"turn-{near}")
    was = str(here.get_attribute("id"))
    page.wait_for_url(f"**#{was}")
    page.reload()
    page.wait_for_selector("#review[data-whole=true]")
    expect(page.locator(f"#{was}")).to_be_focused()
    expect(page.locator(f"#{was}")).to_be_in_viewport()


def test_a_time_in_place_of_words_is_gone_to(desk: Desk) -> None:
    place = desk.add(made_up(DEMO)[0])
    transcript = desk.review(place).transcript
    started_ms = [transcript.words[each.first_word].start_ms for each in transcript.segments]
    meant = transcript.segments[max(n for n, ms in enumerate(started_ms) if ms <= 125_000)]
    page = desk.open(place)
    page.keyboard.press("/")
    page.keyboard.type("2:05")
    expect(page.locator("#find-count")).to_have_text("Next goes to 2:05")
    page.keyboard.press("Enter")
    here = page.locator(".turn.here")
    expect(here).to_have_id(f"turn-{transcript.words[meant.first_word].id}")
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    expect(here).to_be_focused()


def test_what_the_machine_struck_is_put_back(desk: Desk) -> None:
    transcript = made_up(DEMO)[0]
    words = list(transcript.words)
    first = transcript.segments[2].first_word
    words[first] = replace(words[first], struck=Struck.LOOP)
    place = desk.add(replace(transcript, words=tuple(words)))
    page = desk.open(place)
    turn = page.locator(f"#turn-{words[first].id}")
    expect(turn.locator("s")).to_have_count(1)
    turn.locator(".said").click(position={"x": 4, "y": 8})
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="It was said").click()
    saved(page)
    expect(turn.locator("s")).to_have_count(0)
    assert desk.review(place).transcript.words[first].struck is None


def test_a_turn_goes_to_another_voice_and_a_passage_is_taken_out(desk: Desk) -> None:
    place = desk.add(made_up(DEMO)[0])
    page = desk.open(place)
    page.keyboard.press("J")
    page.keyboard.press("w")
    page.get_by_label("It was").select_option("SEVERAL")
    page.get_by_role("button", name="Change it").click()
    saved(page)
    expect(page.locator(".turn").first.locator(".who")).to_have_text("SEVERAL")
    page.keyboard.press("d")
    page.get_by_label("Why?").fill("Asked for it")
    page.get_by_role("button", name="Take it out").click()
    saved(page)
    expect(page.locator(".turn").first).to_contain_text("Asked for it")
    (passage,) = desk.review(place).withheld
    assert (passage.first_word, passage.reason) == (0, "Asked for it")


def test_what_was_not_answered_is_sent_again_until_it_is_kept(desk: Desk) -> None:
    place = desk.add(*made_up(DEMO))
    page = desk.open(place)
    failed = 0

    def fail(route: Route) -> None:
        nonlocal failed
        failed += 1
        if failed == 1:
            route.fetch()  # it is kept, but the answer is lost
            route.abort()
        elif failed <= 3:
            route.abort()
        else:
            route.continue_()

    page.route("**/review/decisions", fail)
    page.keyboard.press("n")
    page.keyboard.press("a")
    expect(page.locator("#saved")).to_contain_text("Not saved yet, trying again")
    page.keyboard.press("n")
    page.keyboard.press("r")
    saved(page)
    assert failed >= 5
    assert desk.review(place).number == 2


def test_another_persons_decision_is_shown_with_their_name(desk: Desk) -> None:
    place = desk.add(*made_up(DEMO))
    alex = create_account(desk.store, NewAccount("alex@example.org", "Alex"))
    grant(desk.store, place.study_id, alex.id, Role.REVIEWER)
    mine, theirs = desk.open(place), desk.open(place, alex.id)
    theirs.keyboard.press("n")
    theirs.keyboard.press("a")
    saved(theirs)
    expect(mine.locator("mark.accepted")).to_have_count(1)
    expect(mine.locator("#said-aloud")).to_contain_text("Alex made 1 change.")


def test_drafts_are_read_and_not_changed(desk: Desk) -> None:
    transcript, findings = made_up(DEMO)
    place = desk.add(replace(transcript, quality=Quality.DRAFT), findings)
    page = desk.open(place)
    expect(page.locator("main")).to_contain_text("Ask for a speech model")
    page.keyboard.press("n")
    page.keyboard.press("a")
    expect(page.locator("mark.here")).to_have_class(re.compile(r"\bproposed\b"))
    assert desk.review(place).number == 0


def test_hostile_words_labels_and_names_are_shown_and_never_run(desk: Desk) -> None:
    transcript, _ = made_up(Size(400, 60, 0, 1, 3, 240_000))
    hostile = with_words(transcript, HOSTILE)
    found = []
    for number, text in enumerate(HOSTILE[:40]):
        start, end = hostile.layout.offsets(number, number)
        word = hostile.words[number]
        where = Place(number, number, word.start_ms, word.end_ms)
        found.append(
            Finding(
                start, end, EntityType.PERSON, text, 0.9, "model", text, where, None, None, text
            )
        )
    place = desk.add(hostile, tuple(found))
    page = desk.open(place)
    said: list[str] = []
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("pageerror", lambda error: said.append(str(error)))
    for key in ("n", "n", "a", "v", "v", "v", "J", "ArrowRight", "m"):
        page.keyboard.press(key)
    saved(page)
    for summary in page.locator(".doubt summary").all()[:5]:
        summary.click()
    assert page.evaluate("window.struck === undefined")
    assert page.locator("#turns script, #turns img, #turns iframe, #turns svg").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    blanked = " ".join(str(page.evaluate(_SAID)).split())
    assert all(" ".join(text.split()) in blanked for text in HOSTILE)
    assert page.locator(".turn").count() == len(desk.review(place).turns)
    names = desk.serve.address + f"/studies/{place.study_id}/names-found"
    page.goto(names)
    assert page.evaluate("window.struck === undefined")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert said == []


@pytest.mark.parametrize("size", ["nothing", "demo"])
def test_axe_finds_nothing_in_either_theme(desk: Desk, size: str) -> None:
    transcript, findings = made_up(DEMO)
    if size == "nothing":
        transcript = replace(transcript, words=(), segments=(), speakers=())
        findings = ()
    place = desk.add(transcript, findings)
    page = desk.open(place)
    faults = []
    for theme in ("light", "dark"):
        set_theme(page, "light" if theme == "light" else "dark")
        for key in ("n", "?", "Escape"):
            page.keyboard.press(key)
            found = Axe().run(page, options=WCAG)
            faults += [
                f"{theme} {fault['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
                for fault in found.response["violations"]
                for node in fault["nodes"]
            ]
    page.goto(f"{desk.serve.address}/studies/{place.study_id}/names-found")
    found = Axe().run(page, options=WCAG)
    faults += [f"{f['id']} {f['nodes'][0]['html'][:200]}" for f in found.response["violations"]]
    assert faults == []


def test_one_decision_on_the_study_page_holds_in_its_recordings(desk: Desk) -> None:
    place = desk.add(*made_up(DEMO))
    page = desk.open(place)
    page.goto(f"{desk.serve.address}/studies/{place.study_id}/names-found")
    row = page.locator("tr", has=page.get_by_role("rowheader", name="Sarah Whitfield")).first
    row.get_by_role("button", name=re.compile("^Take out")).click()
    page.wait_for_url("**/names-found")
    review = desk.review(place)
    theirs = [j for j in review.findings if j.finding.entity == "sarah whitfield"]
    assert theirs
    assert {j.state for j in theirs} == {FindingState.ACCEPTED}
    assert review.progress.bulk_accepted == len(theirs)


def test_what_the_machine_is_sure_of_is_taken_out_by_one_key(desk: Desk) -> None:
    place = desk.add(*made_up(replace(DEMO, score=0.95)))
    page = desk.open(place)
    page.goto(f"{desk.serve.address}/studies/{place.study_id}/names-found")
    sure = page.get_by_text("the machine is sure", exact=True).count()
    assert 1 < sure < page.locator("tbody tr").count()
    page.get_by_role("button", name=f"Take out these {sure}").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/names-found")
    expect(page.get_by_role("button", name="Take the decision back")).to_have_count(sure)
    expect(page.get_by_text("the machine is sure", exact=True)).to_have_count(0)
    states = [judged.state for judged in desk.review(place).findings]
    assert {FindingState.ACCEPTED, FindingState.PROPOSED} == set(states)
    assert desk.review(place).progress.bulk_accepted == states.count(FindingState.ACCEPTED)
