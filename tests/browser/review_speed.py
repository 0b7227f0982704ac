"""How fast a three-hour recording is checked in Chromium, in figures.

python -m tests.browser.review_speed
"""

import json
import statistics
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import BrowserContext, Page

from tests.browser.big_review import add_review, made_up
from tests.browser.desk import chromium, signed_in
from tests.served import start
from transcriber.services.accounts import NewAccount, create_account
from transcriber.services.links import LinkKind, make_link, path_of
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.services.studies import StudyDraft, create_study

OPENINGS = 5
PRESSES = 120
STEPS = 80

_WATCH = """() => {
    window.painted = [];
    addEventListener("keydown", (event) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => painted.push(performance.now() - event.timeStamp);
        requestAnimationFrame(() => port2.postMessage(0)); // after this frame is drawn
    }, true);
}"""
_FRAMES = """() => {
    window.frames_ms = [];
    let last = performance.now();
    const frame = (now) => { frames_ms.push(now - last); last = now; requestAnimationFrame(frame); };
    requestAnimationFrame(frame);
}"""
_LONG = """() => {
    window.long_ms = [];
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) long_ms.push(Math.round(entry.duration));
    }).observe({ type: "longtask" });
}"""


def main() -> None:
    """Measure, and print what was measured."""
    with tempfile.TemporaryDirectory(prefix="sp", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "h"
        home.mkdir()
        store = open_store(load_settings({"TRANSCRIBER_HOME": str(home)}))
        account = create_account(store, NewAccount("a@example.org", "Ann", begins_studies=True))
        study = create_study(store, account.id, StudyDraft("Three hours"))
        recording_id = add_review(store, study, home, *made_up())
        serve = start(home, ["--web-only"])
        try:
            with chromium() as browser:
                link = path_of(make_link(store, account.id, LinkKind.SIGN_IN))
                context = signed_in(browser, serve.address + link)
                path = f"/studies/{study.id}/recordings/{recording_id}/review"
                print(json.dumps(_measured(context, serve.address + path), indent=2))
        finally:
            serve.stop()


def _measured(context: BrowserContext, address: str) -> dict[str, object]:
    openings = []
    for _ in range(OPENINGS):
        page = context.new_page()
        page.set_viewport_size({"width": 1_400, "height": 900})
        page.goto(address, wait_until="commit")
        page.wait_for_selector("#review[data-whole=true]", state="attached")
        whole_ms = page.evaluate("performance.now()")
        first_ms = page.evaluate(
            "performance.getEntriesByName('first-contentful-paint')[0].startTime"
        )
        openings.append((round(first_ms), round(whole_ms)))
        if len(openings) < OPENINGS:
            page.close()
    assert page.locator(".turn").count() == 4_500
    keys = _keys(page)
    frames = _scrolling(page)
    return {
        "first view and whole page, ms, the server's first opening first": openings,
        "key press to paint, ms": keys,
        "frames while scrolling, ms": frames,
        "memory, MB": _memory(page),
    }


def _keys(page: Page) -> dict[str, float]:
    page.evaluate(_WATCH)
    for number in range(PRESSES):
        page.keyboard.press("nar"[number % 3] if number % 3 else "n")
        time.sleep(0.15)  # nobody is faster
    page.wait_for_selector("#review[data-saved=true]")
    page.wait_for_function(f"painted.length >= {PRESSES}")
    taken = sorted(page.evaluate("painted"))
    return {
        "median": round(statistics.median(taken), 1),
        "p95": round(taken[int(len(taken) * 0.95)], 1),
        "longest": round(taken[-1], 1),
    }


def _scrolling(page: Page) -> dict[str, object]:
    page.mouse.move(500, 400)
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(_LONG)
    page.evaluate(_FRAMES)
    for _ in range(STEPS):
        page.mouse.wheel(0, 1_500)
        time.sleep(0.05)
    frames = sorted(page.evaluate("frames_ms"))
    return {
        "median": round(statistics.median(frames), 1),
        "p99": round(frames[int(len(frames) * 0.99)], 1),
        "longest": round(frames[-1], 1),
        "over 50": sum(frame > 50 for frame in frames),
        "of": len(frames),
        "tasks over 50": page.evaluate("long_ms"),
    }


def _memory(page: Page) -> dict[str, float]:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    metrics = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
    renderers = [
        process.memory_full_info().uss
        for process in psutil.Process().children(recursive=True)
        if "--type=renderer" in process.cmdline()
    ]
    return {
        "script heap": round(metrics["JSHeapUsedSize"] / 1e6, 1),
        "largest renderer (USS)": round(max(renderers) / 1e6, 1),
        "elements": metrics["Nodes"],
    }


if __name__ == "__main__":
    main()
