"""Hands on a keyboard and nothing else: pages are gone through as without a mouse."""

from playwright.sync_api import Page, expect

MOST_TABS = 400
"""More than any page asks for: who has to press this often has no way there."""

NAME = """() => {
  const at = document.activeElement;
  const told = at.getAttribute("aria-label")
    || Array.from(at.labels ?? [], (label) => label.innerText).join(" ")
    || at.innerText || "";
  return told.replace(/\\s+/g, " ").trim();
}"""


class Hands:
    """What somebody does at a page by keyboard alone."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def write(self, text: str) -> None:
        """Type into what has the focus; in the place of all that stands there."""
        self.press("Control+a")
        self.page.keyboard.type(text)
        self.presses += len(text)

    def reach(self, name: str) -> None:
        """Press Tab until what is called so has the focus. Raises AssertionError if none is."""
        passed: dict[str, None] = {}
        for _ in range(MOST_TABS):
            here = str(self.page.evaluate(NAME))
            if here.startswith(name):
                return
            passed[here] = None
            self.press("Tab")
        raise AssertionError(f"Tab does not lead to {name}, only to {list(passed)}")

    def follow(self, name: str, pattern: str) -> None:
        """Go to a link or button, press it, and wait for the page that it leads to."""
        self.reach(name)
        self.press("Enter")
        self.page.wait_for_url(pattern)

    def answer(self, name: str, text: str) -> None:
        """Go to a field and write into it."""
        self.reach(name)
        self.write(text)

    def choose(self, name: str, option: str) -> None:
        """Go to a list and pick an option by typing how it begins."""
        self.reach(name)
        self.page.keyboard.type(option)
        self.presses += len(option)
        chosen = "e => e.options[e.selectedIndex].text"
        assert str(self.page.locator("*:focus").evaluate(chosen)).startswith(option)

    def saved(self) -> None:
        """Wait until all that was decided is kept."""
        expect(self.page.locator("#review")).to_have_attribute("data-saved", "true")
