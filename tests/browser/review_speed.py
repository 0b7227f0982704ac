"""How fast a three-hour recording is checked in Chromium, in figures.

Beside other work the clock tells of that as well: `processor` is time of the page's main thread.

python -m tests.browser.review_speed
"""

import json
import os
import statistics
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import BrowserContext, CDPSession, Page

from tests.browser.big_review import add_review, made_up
from tests.browser.desk import chromium, signed_in
from tests.served import start
from transcriber.services.accounts import NewAccount, create_account
from transcriber.services.links import LinkKind, make_link, path_of
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.services.studies import StudyDraft, create_study

OPENINGS = 3
PRESSES = 60
STEPS = 60

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
    const frame = (now) => {
        frames_ms.push(now - last);
        last = now;
        requestAnimationFrame(frame);
    };
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
        session = _metered(page)
        page.goto(address, wait_until="commit")
        page.wait_for_selector("#review[data-whole=true]", state="attached")
        whole_ms = page.evaluate("performance.now()")
        first_ms = page.evaluate(
            "performance.getEntriesByName('first-contentful-paint')[0].startTime"
        )
        openings.append((round(first_ms), round(whole_ms), round(_processor_ms(session))))
        print("opened", openings[-1], flush=True)
        if len(openings) < OPENINGS:
            page.close()
    assert page.locator(".turn").count() == 4_500
    keys = _keys(page, session)
    print("keys", keys, flush=True)
    frames = _scrolling(page)
    return {
        "first view, whole page, processor, ms, the server's first opening first": openings,
        "key press to paint, ms": keys,
        "frames while scrolling, ms": frames,
        "memory, MB": _memory(session),
        "load, mean of one minute": round(os.getloadavg()[0], 1),
    }


def _metered(page: Page) -> CDPSession:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    return session


def _metrics(session: CDPSession) -> dict[str, float]:
    told = session.send("Performance.getMetrics")["metrics"]
    return {metric["name"]: metric["value"] for metric in told}


def _processor_ms(session: CDPSession) -> float:
    return _metrics(session)["TaskDuration"] * 1_000


def _keys(page: Page, session: CDPSession) -> dict[str, float]:
    page.evaluate(_WATCH)
    before_ms = _processor_ms(session)
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
        "processor, each with its answer": round((_processor_ms(session) - before_ms) / PRESSES, 1),
    }


def _scrolling(page: Page) -> dict[str, object]:
    page.mouse.move(500, 400)
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(_LONG)
    page.evaluate(_FRAMES)
    browser = page.context.browser
    assert browser is not None  # contexts of `chromium()` have one
    browser.start_tracing(page=page, categories=["toplevel", "blink"])
    for _ in range(STEPS):
        page.mouse.wheel(0, 1_500)
        time.sleep(0.05)
    frames = sorted(page.evaluate("frames_ms"))
    drawn = _drawn_ms(browser.stop_tracing())
    return {
        "median": round(statistics.median(frames), 1),
        "p99": round(frames[int(len(frames) * 0.99)], 1),
        "longest": round(frames[-1], 1),
        "over 50": sum(frame > 50 for frame in frames),
        "of": len(frames),
        "tasks over 50": page.evaluate("long_ms"),
        "processor, longest frame": round(max(drawn), 1),
    }


def _drawn_ms(trace: bytes) -> list[float]:
    """Return the processor time of each frame's styles, layout and painting."""
    return [
        event["tdur"] / 1_000
        for event in json.loads(trace)["traceEvents"]
        if event.get("name") == "WebFrameWidgetImpl::UpdateLifecycle" and "tdur" in event
    ]


def _memory(session: CDPSession) -> dict[str, float]:
    metrics = _metrics(session)
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
