"""`transcriber study consent`: what participants agreed to, by label and without a name."""

import argparse
from collections.abc import Iterable, Mapping

from rich.table import Table
from rich.text import Text

from transcriber.cli.terminal import console
from transcriber.domain.consent import Answer, Consent, ConsentTo
from transcriber.domain.errors import ConsentError
from transcriber.exports.consent_words import HEADINGS
from transcriber.services.consent.book import shown_consents
from transcriber.services.consent.log import import_consents, read_consents
from transcriber.services.settings_file import read_text
from transcriber.services.store import Store
from transcriber.storage.database.studies import Study

_WORDS = {Answer.AGREED: "yes", Answer.NOT_AGREED: "no", Answer.NOT_ON_RECORD: "-"}


def consent(store: Store, study: Study, arguments: argparse.Namespace) -> int:
    """Print the consents of a study, or take them from a log; 1 where lines were not understood."""
    shown = shown_consents(store, study.id)
    if arguments.log is None:
        _print(shown.book.consents, shown.codes)
        return 0
    text = read_text(arguments.log, "consent log", ConsentError)
    if arguments.dry_run:
        logged = read_consents(store, study.id, text)
    else:
        logged = import_consents(store, None, study.id, text)
    _print(logged.consents, shown.codes)
    for told in logged.not_understood:
        console().print(Text(f"line {told.line}  not kept: {told.reason}", style="red"))
    number = len(logged.consents)
    lines = "1 line" if number == 1 else f"{number} lines"
    console().print(f"{lines} understood, nothing kept." if arguments.dry_run else f"{lines} kept.")
    return 1 if logged.not_understood else 0


def _print(consents: Iterable[Consent], codes: Mapping[str, str]) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for heading in (
        "label",
        "in",
        *(HEADINGS[to].lower() for to in ConsentTo),
        "given on",
        "until",
    ):
        table.add_column(heading)
    for each in consents:
        table.add_row(
            Text(each.label),
            Text(codes.get(each.recording_id, "") if each.recording_id else "all"),
            *(_WORDS[each.answer(to)] for to in ConsentTo),
            str(each.given_on or ""),
            str(each.withdraw_by or ""),
        )
    console().print(table)
