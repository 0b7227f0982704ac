"""Files dropped on a page as a hand does."""

import base64

from playwright.sync_api import Page

_DROP = """([files, selector]) => {
  const transfer = new DataTransfer();
  for (const [name, data] of files) {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], name, { lastModified: 1 }));
  }
  document.querySelector(selector).dispatchEvent(
    new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }),
  );
}"""


def drop(page: Page, files: dict[str, bytes]) -> None:
    """Drop files where the page of uploads asks for them."""
    coded = [[name, base64.b64encode(data).decode()] for name, data in files.items()]
    page.evaluate(_DROP, [coded, "#drop"])
