"""What every Word document of ours has in common: settings, properties and zip file say nothing.

Rules: ECMA-376 (Office Open XML). No author, no dates, no application name, no rsids. `zipped` and
`settings` serve all; `package` and its parts serve people's own documents, written again.
"""

from collections.abc import Mapping
from html import escape
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TYPES = {
    "document": f"{_MAIN_TYPE}.document.main+xml",
    "theme": "application/vnd.openxmlformats-officedocument.theme+xml",
}

CORE_PROPERTIES = (
    f'{DECLARATION}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title></dc:title>'
    "<dc:creator></dc:creator><cp:lastModifiedBy></cp:lastModifiedBy><cp:revision>1</cp:revision>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z</dcterms:modified>'
    "</cp:coreProperties>"
)


def settings(language: str, *, even_and_odd: bool = False) -> str:
    """Return word/settings.xml: nothing personal, and no compatibility mode in Word."""
    headers = "<w:evenAndOddHeaders/>" if even_and_odd else ""
    return (
        f'{DECLARATION}<w:settings xmlns:w="{W}"><w:removePersonalInformation/>'
        f'<w:removeDateAndTime/><w:defaultTabStop w:val="720"/>{headers}<w:compat>'
        '<w:compatSetting w:name="compatibilityMode"'
        ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        f'<w:themeFontLang w:val="{escape(language)}"/></w:settings>'
    )


def package(parts: Mapping[str, bytes], relations: Mapping[str, tuple[str, str]]) -> bytes:
    """Zip a Word document from its parts below `word/` and the relations of the main part.

    `parts` maps a path such as `header1.xml` to its bytes, `relations` an id to its kind (`header`)
    and target.
    """
    files = {
        "[Content_Types].xml": _content_types(parts),
        "_rels/.rels": _relations(
            {
                "rId1": (f"{RELATIONS}/officeDocument", "word/document.xml"),
                "rId2": (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            }
        ),
        "docProps/core.xml": CORE_PROPERTIES.encode(),
        "word/_rels/document.xml.rels": _relations(
            {key: (f"{RELATIONS}/{kind}", target) for key, (kind, target) in relations.items()}
        ),
    }
    files |= {f"word/{name}": data for name, data in parts.items()}
    return zipped(files)


def zipped(files: Mapping[str, bytes], compression: int = ZIP_DEFLATED) -> bytes:
    """Zip files in the order of their names, `[Content_Types].xml` first.

    The same input gives the same bytes: no time of writing, no system. With `ZIP_STORED` that is
    so whatever library compresses.
    """
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 0
            entry.compress_type = compression
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def _relations(relations: Mapping[str, tuple[str, str]]) -> bytes:
    entries = "".join(
        f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>'
        for key, (kind, target) in relations.items()
    )
    return (
        f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{entries}</Relationships>'
    ).encode()


def _content_types(parts: Mapping[str, bytes]) -> bytes:
    overrides = "".join(
        f'<Override PartName="/word/{name}" ContentType="{_content_type(name)}"/>' for name in parts
    )
    return (
        f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/docProps/core.xml"'
        ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f"{overrides}</Types>"
    ).encode()


def _content_type(name: str) -> str:
    kind = name.rsplit("/", 1)[-1].removesuffix(".xml").rstrip("0123456789")
    return _TYPES.get(kind, f"{_MAIN_TYPE}.{kind}+xml")
