"""Documents: the formats and the names that Converse takes.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html: a name has letters, digits,
single spaces, hyphens, parentheses and square brackets, and no two documents of a request have the same.
"""

import re

FORMATS = {
    "application/pdf": "pdf",
    "text/csv": "csv",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "text/html": "html",
    "text/plain": "txt",
    "text/markdown": "md",
}
EXTENSIONS = frozenset(FORMATS.values())
GENERIC = frozenset({"", "application/octet-stream", "text/plain"})

FOREIGN = re.compile(r"[^A-Za-z0-9\-()\[\]]+")
LONGEST = 200
NAMELESS = "document"


def document_format(media_type: str, name: str) -> str | None:
    """By the media type, or by the file's extension where that says little; plain base64 without a name is a PDF."""
    stem, _, ending = name.rpartition(".")
    ending = ending.lower() if stem else ""
    if media_type in GENERIC and ending in EXTENSIONS:
        return ending
    if media_type in FORMATS:
        return FORMATS[media_type]
    if media_type.startswith("text/"):
        return "txt"
    return "pdf" if not media_type and not ending else None


class Names:
    """The document names of one request."""

    __slots__ = ("_taken",)

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, filename: str) -> str:
        """The nearest name that may stand: the file's without its ending, with a number where it was taken."""
        stem, _, _ending = filename.rpartition(".")
        plain = FOREIGN.sub(" ", stem or filename).strip()[: LONGEST - 8].strip() or NAMELESS
        name, count = plain, 1
        while name in self._taken:
            count += 1
            name = f"{plain} ({count})"
        self._taken.add(name)
        return name
