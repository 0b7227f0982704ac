"""Reading people's existing transcripts, and writing them again with replacements.

One small file a format; `open_document` picks by the file name's ending.
"""

from transcriber.exports.documents.document import Document, Replacement
from transcriber.exports.documents.opening import SUFFIXES, open_document

__all__ = ["SUFFIXES", "Document", "Replacement", "open_document"]
