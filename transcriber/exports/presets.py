"""What each coding tool reads best, and how its people bring it in (docs/coding-tools.md).

A preset is the formats to give, the first the best, and the steps in the tool. Nothing here is
heavy: the command line lists presets in its help.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preset:
    """The formats for one tool, by key and with what each is for there; then what to click."""

    key: str
    tool: str
    formats: Mapping[str, str]
    steps: tuple[str, ...]


PRESETS: Mapping[str, Preset] = {
    preset.key: preset
    for preset in (
        Preset(
            "nvivo",
            "NVivo",
            {
                "qdpx": "a new project, speakers coded and participants as cases",
                "docx": "documents for a project you have: auto code by speaker name",
                "tsv": "rows for a recording that you may have in NVivo",
            },
            (
                "A new project: File > Open > Browse, choose the file type REFI-QDA Project, "
                "open the file in the folder qdpx and click Convert.",
                "A project you have: Import > Files, choose all files in the folder docx. Then "
                "Auto Code > Speaker name, and type the labels that stand before the colons.",
                "With the sound: open the recording in NVivo, Import Rows, choose its file in the "
                "folder tsv; Timespan, Speaker and Content are the columns to map.",
                "Attributes: Import > Classification Sheets, choose attributes.csv (on Windows "
                "save it from Excel as a workbook first), Case Classification, match by name.",
            ),
        ),
        Preset(
            "atlasti",
            "ATLAS.ti",
            {
                "qdpx": "a new project, speakers coded and times at every turn",
                "docx": "documents for a project you have: focus group coding",
                "timed.docx": "a transcript to set beside a recording that you may have",
            },
            (
                "A new project: on the opening screen click Import Project and choose the file "
                "in the folder qdpx.",
                "A project you have: Add Documents, choose all files in the folder docx. Then "
                "Search & Code > Focus Group Coding, with the pattern name and colon.",
                "With the sound: add the recording, Add Transcript, and choose its file in the "
                "folder timed-docx.",
            ),
        ),
        Preset(
            "maxqda",
            "MAXQDA",
            {
                "docx": "every speaker coded by MAXQDA itself",
                "timed.docx": "the same, to set beside a recording that you may have",
                "qdpx": "a new project, speakers coded and times at every turn",
            },
            (
                "A project you have: Import > Focus Group Transcripts, without timestamps, and "
                "choose all files in the folder docx. This suits interviews too.",
                "With the sound: Import > Transcripts > Transcript with Timestamps, choose the "
                "file in the folder timed-docx, then the recording.",
                "A new project: Import > REFI-QDA Project and choose the file in the folder qdpx. "
                "Look at one coded turn: it should end where the turn does.",
            ),
        ),
        Preset(
            "qualcoder",
            "QualCoder",
            {
                "qdpx": "a new project, speakers coded and participants as cases",
                "txt": "files for a project you have: mark speakers",
            },
            (
                "A new project: Project > Import > REFI-QDA Project import, and choose the file "
                "in the folder qdpx.",
                "A project you have: Files and cases > Manage files > import, choose all files in "
                "the folder txt. Then mark speakers, with the form Name and colon.",
            ),
        ),
        Preset(
            "taguette",
            "Taguette",
            {"html": "a paragraph a turn, speakers in bold"},
            (
                "Open a project, click Add a document, choose a file of the folder html and leave "
                "the direction of text as it is. Taguette takes one file at a time.",
                "Highlight and tag. Taguette does not code speakers by itself.",
            ),
        ),
    )
}
"""By key, as people type it."""
