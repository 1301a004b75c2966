"""Report files into reports: encoding, front matter, plain text, Markdown and HTML.

Whatever a person puts in the folder becomes a text or a sentence that says why not.
"""

from __future__ import annotations

import codecs
import html
import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from detente.errors import BadInput, Problem
from detente.record import limits, yamltext
from detente.record.models import ReportFront
from detente.record.published import day_of
from detente.record.record import Report
from detente.record.validation import is_id, slugged, validate

LARGEST = 20_000_000
"""Bytes a report may have."""

MARKDOWN = (".md", ".markdown")
HTML = (".html", ".htm", ".xhtml")


# --- bytes to characters -----------------------------------------------------------------

_BOMS = (  # the UTF-32 mark begins with the UTF-16 one, so it comes first
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_OTHER_KINDS = (
    (b"%PDF-", "a PDF", "save its text as .txt first (or open it, select all, and paste)"),
    (b"PK\x03\x04", "a Word, OpenDocument or zip file", "save the document's text as .txt first"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word file", "save its text as .txt first"),
    (b"{\\rtf", "a rich text (RTF) file", "save its text as .txt first"),
    (b"\x89PNG", "a picture", "type or paste its text into a .txt file"),
    (b"\xff\xd8\xff", "a picture", "type or paste its text into a .txt file"),
    (b"GIF8", "a picture", "type or paste its text into a .txt file"),
    (b"II*\0", "a picture", "type or paste its text into a .txt file"),
    (b"MM\0*", "a picture", "type or paste its text into a .txt file"),
    (b"\x1f\x8b", "a compressed file", "unpack it first"),
    (b"BZh", "a compressed file", "unpack it first"),
    (b"\xfd7zXZ\0", "a compressed file", "unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed file", "unpack it first"),
    (b"ID3", "a sound file", "write down what is said in it"),
    (b"OggS", "a sound file", "write down what is said in it"),
    (b"SQLite format 3\0", "a database", "save the report's text as .txt first"),
)

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_NEWLINES = re.compile(r"\r\n?")
_LINE_END = re.compile(rb"\n")
_DECLARED = re.compile(
    rb"""(?:charset|encoding)\s*+=\s*+["']?+\s*+([A-Za-z0-9_.:-]+)""", re.IGNORECASE
)
_MARKUP = re.compile(rb"\A\s*+<(?:!doctype\s+html|html|\?xml|head|meta)\b", re.IGNORECASE)


def decode(data: bytes, file: Path) -> str:
    """The text of a file's bytes, with newlines as `\\n`.

    UTF-8 with or without its mark, UTF-16 and UTF-32 with their marks, what an HTML page
    declares; otherwise what the bytes show: Windows' Western encoding or Mac OS Roman where
    the few characters outside ASCII make sense in it, else the finding of
    charset-normalizer where nothing else fits nearly as well. Encodings that differ in
    letters of names only (Windows 1250 and 1252) can't be told apart in an English text;
    the Western one is taken.

    CRLF and CR become LF, and a leading byte order mark goes; offsets count characters of
    the result. A UTF-8 file with LF comes out unchanged.

    Raises BadInput for what is empty, is no text, or is in an encoding that can't be told.
    """
    if not data.strip():
        raise BadInput(Problem(file, 0, "the file is empty", "Paste the report's text into it."))
    text = _marked(data, file)
    if text is None:
        _refuse_other_kinds(data, file)
        text = _unmarked(data, file)
    text = text.removeprefix("\ufeff")
    _refuse_controls(text, file)
    if not text.strip():
        raise BadInput(Problem(file, 0, "the file is empty", "Paste the report's text into it."))
    return _NEWLINES.sub("\n", text) if "\r" in text else text


def _marked(data: bytes, file: Path) -> str | None:
    """The text of data that begins with a byte order mark."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                name = encoding.removesuffix("-sig").upper()
                raise BadInput(
                    Problem(
                        file,
                        _line(data, error.start),
                        f"the file says it is {name}, but it is broken here",
                        "Copy the file again from where it came, or save it as UTF-8.",
                    )
                ) from None
    return None


def _refuse_other_kinds(data: bytes, file: Path) -> None:
    start = data[:1024].lstrip()
    for magic, kind, do in _OTHER_KINDS:
        if start.startswith(magic):
            raise BadInput(Problem(file, 0, f"this is {kind}, not a text", f"To read it, {do}."))
    if start.startswith(b"RIFF") or start[4:8] == b"ftyp":
        raise BadInput(
            Problem(file, 0, "this is a picture, sound or film, not a text", "Write its text down.")
        )
    if b"\0" in data:
        raise BadInput(
            Problem(
                file,
                _line(data, data.index(b"\0")),
                "the file holds NUL bytes: it is not a text, or is UTF-16 without its mark",
                "Open it in a text editor and save it as UTF-8.",
            )
        )


def _refuse_controls(text: str, file: Path) -> None:
    found = _CONTROLS.findall(text)
    if len(found) * 200 > len(text) or "\0" in found:
        raise BadInput(
            Problem(
                file,
                0,
                "the file is full of control characters: it is not a text",
                "Save the report's text as .txt, in UTF-8.",
            )
        )


def _unmarked(data: bytes, file: Path) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse_broken_utf8(data, error, file)
    text = _as_declared(data)
    if text is None and _mostly_ascii(data):
        text = _western(data)
    if text is None:
        text = _detected(data, file)
    return text


def _refuse_broken_utf8(data: bytes, error: UnicodeDecodeError, file: Path) -> None:
    """A file that is UTF-8 but for a few bytes; taken for anything else it would be garbled."""
    broken = data.decode("utf-8", errors="replace")
    bad = broken.count("\ufffd")
    good = sum(1 for char in broken if char > "\x7f") - bad
    if good > 2 * bad:
        raise BadInput(
            Problem(
                file,
                _line(data, error.start),
                f"the file is UTF-8 but for {bad} broken place{'s' * (bad > 1)}, the first here",
                "Correct the line, or copy the text again from where it came.",
            )
        )


def _as_declared(data: bytes) -> str | None:
    """The text of an HTML page in the encoding it declares."""
    if not _MARKUP.match(data):
        return None
    for match in _DECLARED.finditer(data[:4096]):
        name = match[1].decode("ascii").lower()
        if name in ("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"):
            name = "cp1252"  # what browsers take these names to mean
        try:
            if codecs.lookup(name)._is_text_encoding:
                return data.decode(name)
        except (LookupError, UnicodeError):
            continue
    return None


def _mostly_ascii(data: bytes) -> bool:
    others = len(data.translate(None, bytes(range(128))))
    return others <= 2 or others * 10 < len(data)


def _western(data: bytes) -> str | None:
    for encoding in ("cp1252", "mac_roman"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _makes_sense(text):
            return text
    return None


_FOREIGN = re.compile("[^\x00-\x7f]")
_SENSELESS = re.compile(
    r"""(?x)
    (?<=[a-zß-öø-ÿ])[À-ÖØ-ÞŠŽŒŸ]            # a capital inside a word
    | (?<![^\W_])[À-ÖØ-ÞŠŽŒŸ](?=[A-Z][a-z])  # two capitals at the start of a word
    | (?<=[,.!?])[À-ÖØ-ÞŠŽŒŸ](?!\w)          # a lone capital after a sentence
    | (?<=[^\W\d_])[¡-¦¨-¬¯-³¶-¿÷ƒˆ˜†‡‰‚„‹“∑∏∫√≈∆◊](?=[^\W\d_])  # a sign inside a word
    | (?<=[a-z])[‚„‹¿¡](?!\w)                # an opening sign at the end of a word
    | (?<=[a-zà-ÿ]{3})[¹²³] | [£¿](?=[a-zà-ÿ])  # Polish as it looks in the wrong encoding
    | [\x80-\x9f\ue000-\uf8ff]
    """
)


def _makes_sense(text: str) -> bool:
    """Whether the characters outside ASCII stand where such characters can stand."""
    found = len(_FOREIGN.findall(text))
    return len(_SENSELESS.findall(text)) * 50 <= found


def _detected(data: bytes, file: Path) -> str:
    """What charset-normalizer finds, unless another encoding fits nearly as well."""
    from charset_normalizer import from_bytes

    matches = list(from_bytes(data, threshold=0.2))
    best = matches[0] if matches else None
    if best is not None and best.coherence >= 0.15 and best.chaos <= 0.1:
        text = str(best)
        rivals = [
            other
            for other in matches[1:]
            if other.coherence > best.coherence - 0.1 and other.chaos <= best.chaos + 0.05
        ]
        if _makes_sense(text) and all(str(rival) == text for rival in rivals):
            return text
    names = ", ".join(dict.fromkeys(match.encoding for match in matches[:3]))
    raise BadInput(
        Problem(
            file,
            0,
            "its encoding can't be told" + (f" for certain (perhaps {names})" if names else ""),
            "Open it in a text editor and save it as UTF-8.",
        )
    )


def _line(data: bytes, offset: int) -> int:
    before = data[:offset]
    return 1 + before.count(b"\n") + (before.count(b"\r") - before.count(b"\r\n"))


# --- a file to a report ------------------------------------------------------------------


def report_id(path: Path) -> str:
    """The report's id: the file's name without its ending, made into an id if it is none.

    "Talks in Doha.txt" is talks-in-doha; a name without a Latin letter or digit gets one
    made of its letters' hash, the same every time.
    """
    if is_id(path.stem):
        return path.stem
    return slugged(path.stem) or f"report-{sha256(path.stem.encode()).hexdigest()[:8]}"


def read_report(path: Path) -> Report:
    """The report in a file: plain text, Markdown or HTML, with or without front matter.

    A plain text without front matter is the report's text unchanged (see `decode` for line
    ends), so that offsets into it are offsets into the file. Of Markdown the words are
    kept, line by line, without headings' and emphasis marks and link targets. Of HTML the
    main text is taken (by trafilatura), and title, publisher, date and address where the
    front matter does not give them; its lines are those of the extracted text. A text
    file that holds HTML is treated as HTML.

    Raises BadInput, with the line where there is one, for a file that can't be read, is
    empty, too large, no text, or has front matter that is wrong.
    """
    text = decode(_bytes(path), path)
    front, body, line = _split(text, path)
    if not body.strip():
        what = "there is front matter but no text below it"
        raise BadInput(Problem(path, line, what, "Paste the report's text below the second ---."))
    suffix, said, page, doubts = path.suffix.lower(), front.date, None, list[str]()
    if suffix in HTML or _is_html(body):
        front, body, doubts = _of_html(body, front, path)
        line, page = 1, front.date
    elif suffix in MARKDOWN:
        body, line = _without_blank_start(_of_markdown(body), line)
        if not body.strip():
            what = "no words are left of this Markdown file"
            raise BadInput(Problem(path, 0, what, "Paste the report's text into it."))
    date, dated_by = day_of(body, path.name, said=said, page=page)
    if date != front.date:
        front = front.model_copy(update={"date": date})
    return Report(report_id(path), front, body, path, line, tuple(doubts), dated_by)


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            what = "this is a folder, not a report"
            raise BadInput(Problem(path, 0, what, "Name the files in it."))
        size = path.stat().st_size
        if size > LARGEST:
            raise BadInput(
                Problem(
                    path,
                    0,
                    f"the file has {size / 1e6:.1f} MB; a report may have {LARGEST / 1e6:.0f}",
                    "Split it into one file for each report, for example with "
                    "`split -C 10M FILE part-` or in an editor.",
                )
            )
        return path.read_bytes()
    except FileNotFoundError:
        what, do = "there is no such file", "Check its name and folder."
    except PermissionError:
        what, do = "you are not allowed to read this file", "Change its permissions, or copy it."
    except OSError as error:
        what, do = f"it can't be read: {error.strerror or error}", ""
    raise BadInput(Problem(path, 0, what, do))


# --- front matter ------------------------------------------------------------------------

_FIELDS = tuple(ReportFront.model_fields)
_FENCE = re.compile(r"\A\s*^---[ \t]*\n", re.MULTILINE)
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
_LIKE_A_FIELD = re.compile(rf"^(?:{'|'.join(_FIELDS)})[ \t]*:", re.MULTILINE | re.IGNORECASE)
_LIKE_A_KEY = re.compile(r"[a-z][a-z0-9_-]*")


def _split(text: str, file: Path) -> tuple[ReportFront, str, int]:
    """Front matter, the text below it, and the line on which that begins.

    `---` begins front matter only where keys follow it: a text may begin with a rule.
    """
    nothing = ReportFront(), text, 1
    opening = _FENCE.match(text)
    if opening is None or text[: opening.start()].strip():
        return nothing
    line = 1 + text.count("\n", 0, opening.end())
    closing = _CLOSING.search(text, opening.end())
    if closing is None:
        paragraph = text[opening.end() :].split("\n\n", 1)[0]
        if not _LIKE_A_FIELD.match(paragraph):
            return nothing
        what = "the front matter that begins here is not closed"
        raise BadInput(Problem(file, line - 1, what, "Put a line `---` between it and the text."))
    block = text[opening.end() : closing.start()]
    front = _front(block, file, line)
    if front is None:
        return nothing
    end = 1 + text.count("\n", 0, closing.end())
    return front, *_without_blank_start(text[closing.end() :], end)


def _front(block: str, file: Path, line: int) -> ReportFront | None:
    """What the block between the fences says; None when it is no front matter."""
    try:
        node = yamltext.parse(block, file, first_line=line)
    except BadInput:
        if _LIKE_A_FIELD.search(block):
            raise
        return None
    keys = list(node.value) if node is not None and isinstance(node.value, dict) else []
    known = any(key.lower() in _FIELDS for key in keys)
    if keys and not known and not all(_LIKE_A_KEY.fullmatch(key) for key in keys):
        return None
    if not keys and any(row.strip() and row.strip()[0] != "#" for row in block.splitlines()):
        return None
    front, problems = validate(ReportFront, node, file)
    if problems or front is None:
        raise BadInput(problems)
    return front


def _without_blank_start(text: str, line: int) -> tuple[str, int]:
    """The text from its first line that is not blank, and that line's number."""
    start = len(text) - len(text.lstrip())
    start = text.rfind("\n", 0, start) + 1
    return text[start:], line + text.count("\n", 0, start)


# --- Markdown ----------------------------------------------------------------------------

_TAG = re.compile(r"<!--.*?(?:-->|\Z)|</?[A-Za-z][^<>]*>", re.DOTALL)
_BULLET = re.compile(rb"[ \t]{0,8}+([-*+]|\d{1,9}[.)])")
_WITHIN_BLOCKS = frozenset({"Emphasis", "Strong", "Link", "Image"})


def _of_markdown(source: str) -> str:
    """The words of a Markdown text, each on the line on which it stood.

    Parsed by pyromark, whose time is linear in the text whatever stands in it.
    """
    from pyromark import Options, events_with_range

    words = _Lines(source.encode())
    markup = ""
    event: Any  # its type has a case for each of pyromark's extensions
    for event, place in events_with_range(source, options=Options.ENABLE_TABLES):
        match event:
            case {"Start": tag}:
                name = tag if isinstance(tag, str) else next(iter(tag))
                if name not in _WITHIN_BLOCKS:
                    words.begin(place["start"], item=name == "Item")
            case {"Text": text}:
                words.put(text, place["start"])
            case {"Code": text}:
                words.put(words.wrapped(place["start"], place["end"]) or text, place["start"])
            case {"InlineHtml": tag} if tag.lower().startswith("<br"):
                words.put(" ", place["start"])
            case {"Html": text}:
                markup += text
            case {"End": "HtmlBlock"}:
                words.put(html.unescape(_TAG.sub(_line_ends, markup)), place["start"])
                markup = ""
    return "\n".join(words.lines)


class _Lines:
    """The lines of a Markdown text, filled with its words; offsets count its bytes."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(source))]
        self._bullet = ""
        self._fresh = True
        self.lines = [""] * len(self._starts)

    def begin(self, at: int, *, item: bool) -> None:
        """A block begins, or an item of a list, whose mark goes before its first words."""
        self._fresh = True
        if item and (mark := _BULLET.match(self._source, at)):
            self._bullet = f"{mark[1].decode()} "

    def wrapped(self, start: int, end: int) -> str:
        """The words of a piece of code that goes on in the next line; empty for any other."""
        rows = self._source[start:end].decode().strip("`").split("\n")
        return "\n".join(row.lstrip(" \t>").rstrip() for row in rows) if len(rows) > 1 else ""

    def put(self, words: str, at: int) -> None:
        """Add words to the line they stand on; the cells of a table's row share one line."""
        for number, row in enumerate(words.split("\n"), bisect_right(self._starts, at) - 1):
            if row:
                if self._fresh:
                    row = ("\t" if self.lines[number] else "") + self._bullet + row
                    self._fresh, self._bullet = False, ""
                self.lines[number] += row


def _line_ends(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


# --- HTML --------------------------------------------------------------------------------

_HTML_START = re.compile(  # what has been passed over is not gone back to
    r"\A\s*+(?:<\?xml[^>]*>\s*+)?+(?:<!--.*?-->\s*+)*+<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)


def _is_html(text: str) -> bool:
    return _HTML_START.match(text) is not None


@dataclass(frozen=True, slots=True)
class _Page:
    """What could be taken from an HTML page."""

    text: str
    title: str | None = None
    publisher: str | None = None
    date: str | None = None
    url: str | None = None


def _of_html(source: str, front: ReportFront, file: Path) -> tuple[ReportFront, str, list[str]]:
    """The front matter completed, the text, and what may be missing from it."""
    source, doubts = _without_long_tags(source)
    page, late = _extracted(source)
    text, deep = page.text.strip("\n"), _is_deep(source)
    if deep:
        doubts.append(_DEEP)
    elif late:
        doubts.append(_LATE)
    if deep or not text:
        text = _everything(source) or _bare(source)
    if not text.strip():
        raise BadInput(
            Problem(
                file,
                0,
                "this HTML page holds no text",
                "If the page shows text only in a browser, select it there and save it as .txt.",
            )
        )
    return _filled(front, page), text, doubts


_MANY_ATTRIBUTES = 1_000
_LONG_TAG = 20_000  # characters below which a tag's attributes are not counted
_ATTRIBUTES = r"""(?:[^"'>]|"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))*+"""
_OPENING = re.compile(rf"<([A-Za-z][^\s/>]*+){_ATTRIBUTES}")
_BETWEEN_ATTRIBUTES = re.compile(r"\s+")
_DEEP = (
    "The page is nested too deep for its main text to be found; all of its text is read, menus "
    "and all. Paste the report's text into a .txt file."
)
_LATE = (
    "The page is too intricate for its main text to be found with care; more or less of it may "
    "be read than the report itself. Paste the report's text into a .txt file."
)


def _without_long_tags(source: str) -> tuple[str, list[str]]:
    """The page with tags of a thousand attributes made bare, and a sentence that says so.

    The parser compares each attribute with each of the tag's others.
    """
    cut = [
        match
        for match in _OPENING.finditer(source)
        if len(match[0]) > _LONG_TAG
        and sum(1 for _ in _BETWEEN_ATTRIBUTES.finditer(match[0])) > _MANY_ATTRIBUTES
    ]
    if not cut:
        return source, []
    pieces, at = [], 0
    for match in cut:
        pieces += [source[at : match.start()], "<", match[1]]
        at = match.end()
    line = 1 + source.count("\n", 0, cut[0].start())
    tags = f"{len(cut)} tags, the first" if len(cut) > 1 else "A tag"
    said = f"{tags} in line {line}, of more than {_MANY_ATTRIBUTES} attributes, read without them."
    return "".join([*pieces, source[at:]]), [said]


def _filled(front: ReportFront, page: _Page) -> ReportFront:
    """The front matter, with what only the page says added."""
    found: dict[str, Any] = {}
    for name in ("title", "publisher", "date", "url"):
        value = getattr(page, name)
        if getattr(front, name) is None and value and value.strip():
            found[name] = value.strip()
    added = ReportFront.model_validate(found)
    return front.model_copy(update={name: getattr(added, name) for name in found})


_LONG_VALUE, _LONG_DATA = 5_000, 100_000  # characters of metadata
_OFTEN = 20  # times that a page may begin
_BLANKS = re.compile(r"(?<!\s)\s{1000,}+")
_META = re.compile(rf"<meta\b{_ATTRIBUTES}>?", re.IGNORECASE)
_SCRIPT = re.compile(rf"(<script\b{_ATTRIBUTES}>?)(.*?)(?=</script|\Z)", re.IGNORECASE | re.DOTALL)
_STRING = re.compile(r'("articleBody"\s{0,9}+:\s{0,9}+)?"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_HTML_TAG = re.compile("<html", re.IGNORECASE)


def _tamed(source: str) -> str:
    """The page for trafilatura, whose patterns take time in the square of long metadata.

    A call into a pattern can't be stopped, so that what is too long goes: blanks in a row,
    descriptions and data of a length that none has; nothing of the text.
    """
    source = _BLANKS.sub(lambda found: "\n" if "\n" in found[0] else " ", source)
    source = _META.sub(lambda found: found[0] if len(found[0]) < _LONG_VALUE else "", source)
    source = _SCRIPT.sub(_with_short_data, source)
    often = sum(1 for _ in _HTML_TAG.finditer(source)) > _OFTEN
    return _HTML_TAG.sub("<span", source) if often else source


def _with_short_data(script: re.Match[str]) -> str:
    tag, data = script[1], script[2]
    if "json" not in tag.lower() or len(data) < _LONG_VALUE:
        return script[0]
    if len(data) > _LONG_DATA:
        return tag
    return tag + _STRING.sub(
        lambda found: found[0] if found[1] or len(found[2]) < _LONG_VALUE else '""', data
    )


_SECONDS = 10.0
_SECONDS_A_MB = 5.0


def _extracted(source: str) -> tuple[_Page, bool]:
    """trafilatura's main text and metadata, and whether it took too long; nothing is fetched.

    What it tries where it finds little text takes time in the square of a page's blocks; it is
    left out of a page that takes too long otherwise.
    """
    limit = _SECONDS + _SECONDS_A_MB * len(source) / 1e6
    source = _tamed(source)
    for fast in (False, True):
        try:
            with limits.seconds(limit):
                return _by_trafilatura(source, fast=fast), fast
        except limits.TooLong:
            continue
    return _Page(""), True


def _by_trafilatura(source: str, *, fast: bool) -> _Page:
    with _quiet("trafilatura", "htmldate", "courlan", "justext"):
        from trafilatura import bare_extraction

        # Without the extensive search a date comes from markup alone. One guessed from the
        # text would move every "last month" in the report.
        dates = {"extensive_search": False, "original_date": True}
        try:
            found: Any = bare_extraction(
                source,
                fast=fast,
                with_metadata=True,
                include_comments=False,
                date_extraction_params=dates,
            )
        except Exception:
            found = None  # pages broken in ways it does not expect; the whole text will do
    if found is None:
        return _Page("")
    return _Page(found.text or "", found.title, found.sitename, found.date, found.url)


@contextmanager
def _quiet(*names: str) -> Iterator[None]:
    """Keep libraries from logging: what matters is said by what we raise."""
    import logging

    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


_UNSEEN = ("script", "style", "noscript", "template", "head", "svg", "iframe", "object")
_BLOCKS = frozenset(
    """address article aside blockquote br caption dd div dl dt figcaption footer form h1 h2 h3
    h4 h5 h6 header hr li main nav ol p pre section table td th title tr ul""".split()
)


_SPACE = re.compile(r"\s+")
_NOT_SHOWN = re.compile(
    rf"<!--.*?(?:-->|\Z)|<({'|'.join(_UNSEEN)}|title)\b.*?(?:</\1\s*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_ANY_TAG = re.compile(r"<[/!?]?[A-Za-z][^<>]*>")
_A_BLOCK = re.compile(rf"</?(?:{'|'.join(sorted(_BLOCKS))})\b[^<>]*>", re.IGNORECASE)


def _parsed(source: str, *, deepest: bool) -> tuple[Any, bool]:
    """The root of a page, None for none, and whether the parser gave up for its depth.

    deepest : to 2048 elements within one another instead of the parser's usual 256
    """
    from lxml import etree  # type: ignore[import-untyped, unused-ignore]
    from lxml import html as lxml_html  # type: ignore[import-untyped, unused-ignore]

    parser = lxml_html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=deepest
    )
    try:
        root = lxml_html.document_fromstring(source.encode(), parser=parser)
    except (etree.LxmlError, ValueError):
        return None, False
    return root, any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log)


def _is_deep(source: str) -> bool:
    """Whether a parser such as trafilatura's would lose what stands deep inside the page."""
    return _parsed(source, deepest=False)[1]


def _everything(source: str) -> str:
    """All text a page shows, a line for each block; empty where it is nested too deep."""
    from lxml import etree  # type: ignore[import-untyped, unused-ignore]

    root, given_up = _parsed(source, deepest=True)
    if root is None or given_up:
        return ""
    etree.strip_elements(root, *_UNSEEN, with_tail=False)
    pieces: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element.tag in _BLOCKS:
            pieces.append("\n")
        if event == "start" and element.text:
            pieces.append(_SPACE.sub(" ", element.text))
        elif event == "end" and element.tail:
            pieces.append(_SPACE.sub(" ", element.tail))
    return _joined_rows("".join(pieces))


def _bare(source: str) -> str:
    """What is left of a page without its tags, whatever they mean; a line for each block."""
    text = _A_BLOCK.sub("\n", _SPACE.sub(" ", _NOT_SHOWN.sub(" ", source)))
    return _joined_rows(html.unescape(_ANY_TAG.sub("", text)))


def _joined_rows(text: str) -> str:
    rows = (" ".join(row.split()) for row in text.split("\n"))
    return "\n".join(row for row in rows if row)


# --- is it English? ----------------------------------------------------------------------

_COMMON = frozenset(
    """the of and to that was with by from at said has have which this will not they their he
    his be are were had been would for it an""".split()
)
_LETTERS = re.compile(r"[^\W\d_]+")
_OTHER_SCRIPT = 0.25
_FEW_COMMON = 0.10
_SCRIPT_NAMES = {
    "CJK": "Chinese",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
}


def script_warning(text: str) -> str | None:
    """A sentence for a text that is not English by its letters or words; None otherwise.

    A text that quotes other languages here and there passes.
    """
    scripts: Counter[str] = Counter()
    for char, count in Counter(text).items():
        if char.isalpha():
            scripts[_script(char)] += count
    total = scripts.total()
    foreign = total - scripts["Latin"]
    if total and foreign / total > _OTHER_SCRIPT:
        del scripts["Latin"]
        name = scripts.most_common(1)[0][0]
        return (
            f"The reader knows English; {_percent(foreign, total)} of the letters are in another "
            f"script (mostly {name}). What is not in English is not read; give it a translation."
        )
    if not _words_are_english(text):
        return (
            "The reader knows English, and this text does not look like English. "
            "Little in it will be found; give it a translation."
        )
    return None


def looks_english(text: str) -> bool:
    """Whether the text is, by its letters and commonest words, mostly English."""
    return script_warning(text) is None


def _script(char: str) -> str:
    name = unicodedata.name(char, "UNKNOWN")
    if "LATIN" in name or char in "ªº":
        return "Latin"
    first = name.split(" ", 1)[0]
    return _SCRIPT_NAMES.get(first, first.capitalize())


def _percent(part: int, whole: int) -> str:
    return f"{max(1, min(round(100 * part / whole), 100))}%"


def _words_are_english(text: str) -> bool:
    """Whether enough words are the commonest of English; short texts pass."""
    words = _LETTERS.findall(text[:200_000].lower())
    if len(words) < 60:
        return True
    return sum(word in _COMMON for word in words) >= _FEW_COMMON * len(words)
