"""What LibreOffice makes of a Word document: its pages as PDF, and their words.

Needs Debian's libreoffice-writer and poppler-utils.
"""

import shutil
import subprocess
from pathlib import Path

HERE = bool(shutil.which("soffice") and shutil.which("pdftotext") and shutil.which("pdftoppm"))


def to_pdf(word: Path, folder: Path) -> Path:
    """Convert a Word document; the PDF has its name."""
    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"),
            *("--convert-to", "pdf", "--outdir", folder, word),
        ],
        check=True,
        capture_output=True,
    )
    return folder / f"{word.stem}.pdf"


def pages_of(pdf: Path) -> list[str]:
    """Return the words of each page, laid out as they stand there."""
    done = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True
    )
    return done.stdout.removesuffix("\f").split("\f")


def to_pictures(pdf: Path, pages: int, folder: Path) -> None:
    """Draw the first pages as PNG, 70 dots an inch."""
    subprocess.run(
        ["pdftoppm", "-png", "-r", "70", "-l", str(pages), pdf, folder / pdf.stem], check=True
    )
