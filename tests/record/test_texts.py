"""Report files into reports."""

import codecs
import logging
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import BadInput
from detente.record import texts
from detente.record.texts import decode, looks_english, read_report, report_id, script_warning

HERE = Path("report.txt")


def write(folder: Path, content: str | bytes, name: str = "report.txt") -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def problem(path: Path):
    with pytest.raises(BadInput) as caught:
        read_report(path)
    assert caught.value.problems
    return caught.value.problems[0]


# --- encodings ---------------------------------------------------------------------------


@given(st.text(st.characters(exclude_characters="\r\ufeff", exclude_categories=["Cc", "Cs"])))
def test_utf8_comes_out_unchanged(text):
    if text.strip():
        assert decode(text.encode(), HERE) == text


ENGLISH = "“We will not go,” said the officer in the café — it’s over."


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8-sig", ENGLISH),
        ("utf-16", ENGLISH),
        ("utf-32", ENGLISH),
        ("cp1252", ENGLISH),
        ("mac_roman", ENGLISH),
        ("cp1252", "The café."),
        ("latin-1", "It was São Paulo's mission, the naïve plan of Müller."),
        ("cp1251", "Министр заявил, что переговоры продолжатся на следующей неделе. " * 3),
        ("koi8-r", "Министр заявил, что переговоры продолжатся на следующей неделе. " * 3),
        ("cp1256", "قال الوزير إن المفاوضات ستستمر الأسبوع المقبل في الدوحة " * 3),
    ],
)
def test_encodings_are_told(encoding, text):
    assert decode(text.encode(encoding), HERE) == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp437", "The café in Málaga, he said, was closed on that day."),
        ("cp1250", "Minister Łukasz Wójcik powiedział, że rozmowy będą kontynuowane."),
        ("shift_jis", "大臣は来週も交渉が続くと述べた。" * 3),
    ],
)
def test_an_encoding_that_is_not_certain_is_refused(encoding, text):
    with pytest.raises(BadInput, match="encoding can't be told"):
        decode(text.encode(encoding), HERE)


def test_nearly_utf8_is_not_garbled_but_refused_with_its_line():
    with pytest.raises(BadInput) as caught:
        decode("“one” “two” “three”\n\n".encode() + b"\xff bad", HERE)
    assert caught.value.problems[0].line == 3
    assert "UTF-8 but for 1 broken place" in caught.value.problems[0].what


def test_a_broken_utf16_file_is_refused():
    with pytest.raises(BadInput, match="UTF-16, but it is broken"):
        decode(codecs.BOM_UTF16_LE + b"a\0b", HERE)


def test_line_ends_become_newlines():
    assert decode(b"a\r\nb\rc\nd\r\r\n", HERE) == "a\nb\nc\nd\n\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b" \n\t\r\n", "empty"),
        (codecs.BOM_UTF8 + b"\n", "empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "this is a PDF"),
        (b"PK\x03\x04\x14\0\x06\0", "Word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "old Word"),
        (b"{\\rtf1\\ansi Hello}", "rich text"),
        (b"\x89PNG\r\n\x1a\n\0\0", "picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "picture"),
        (b"\x1f\x8b\x08\0", "compressed"),
        (b"\0\0\0\x18ftypmp42", "film"),
        ("Hello there".encode("utf-16-le"), "NUL"),
        (bytes(range(1, 32)) * 20, "control characters"),
    ],
)
def test_what_is_no_text_gets_a_sentence_that_helps(tmp_path, content, said):
    found = problem(write(tmp_path, content))
    assert said in found.what
    assert found.do
    assert found.file == tmp_path / "report.txt"


@given(st.binary(max_size=300))
def test_any_bytes_are_decoded_or_refused(data):
    try:
        text = decode(data, HERE)
    except BadInput as bad:
        assert bad.problems
    else:
        assert text.strip() and "\r" not in text and "\0" not in text


# --- files -------------------------------------------------------------------------------


def test_missing_file_folder_and_size(tmp_path):
    assert "no such file" in problem(tmp_path / "no.txt").what
    assert "folder" in problem(tmp_path).what
    large = write(tmp_path, b"a" * 20_000_001)
    assert "20.0 MB" in problem(large).what
    assert "Split it" in problem(large).do


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_an_unreadable_file(tmp_path):
    file = write(tmp_path, "text")
    file.chmod(0)
    assert "not allowed" in problem(file).what


def test_a_refused_read_is_explained(tmp_path, monkeypatch):
    file = write(tmp_path, "text")

    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert "not allowed" in problem(file).what


def test_five_megabytes_are_read(tmp_path):
    text = "The envoys met on Monday and talked.\n" * 140_000
    assert read_report(write(tmp_path, text)).text == text


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("2025-04-07-wire.txt", "2025-04-07-wire"),
        ("Talks in Doha.txt", "talks-in-doha"),
        ("Café.md", "cafe"),
    ],
)
def test_a_report_is_called_after_its_file(name, id):
    assert report_id(Path(name)) == id


def test_a_name_without_latin_letters_has_an_id_too():
    one, other = report_id(Path("تقرير.txt")), report_id(Path("اجتماع.txt"))
    assert one != other and one == report_id(Path("تقرير.html"))
    assert one.startswith("report-")


# --- front matter ------------------------------------------------------------------------


def test_without_front_matter_offsets_are_the_files(tmp_path):
    content = "\n\n  The envoys met.\n\nThey talked.\n"
    report = read_report(write(tmp_path, content))
    assert report.text == content
    assert report.line == 1
    assert report.line_of(content.index("They")) == 5


def test_front_matter(tmp_path):
    content = (
        "---\ntitle: 'Talks: a start'\npublisher: A wire\ndate: 2025-03\n"
        "reliability: B\n---\n\n \nThe envoys met.\n"
    )
    report = read_report(write(tmp_path, content))
    assert report.front.title == "Talks: a start"
    assert str(report.front.date) == "2025-03"
    assert report.front.reliability == "B"
    assert report.text == "The envoys met.\n"
    assert report.line == 9
    assert content.split("\n")[report.line_of(4) - 1] == "The envoys met."


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("---\ntitle: X\ndate: 2025-13-01\n---\nText", 3, "no month 13"),
        ("---\ntitle: X\nautor: me\n---\nText", 3, "autor"),
        ("---\nauthor: me\n---\nText", 2, "author"),
        ("---\ntitle: X\ntitle: Y\n---\nText", 3, "twice"),
        ("---\ntitle: Talks: a start\n---\nText", 2, "`:`"),
        ("---\r\ntitle: X\r\nreliability: G\r\n---\r\nText", 3, "reliability"),
        ("---\ntitle: X\n\nThe text goes on.\n", 1, "not closed"),
        ("---\ntitle: X\n---\n\n", 5, "no text below"),
    ],
)
def test_front_matter_that_is_wrong_is_refused_with_its_line(tmp_path, content, line, said):
    found = problem(write(tmp_path, content))
    assert found.line == line
    assert said in found.what


@pytest.mark.parametrize(
    "content",
    [
        "---\n\nA text under a rule.\n\n---\n\nAnd more.\n",
        "---\nKABUL: The minister said no.\n---\nText\n",
        "---\nA text under a rule, never closed.\n",
        "---\n- a list\n---\nText\n",
        "--- not a fence\ntitle: X\n---\n",
        "Text first.\n---\ntitle: X\n---\n",
    ],
)
def test_a_rule_is_no_front_matter(tmp_path, content):
    report = read_report(write(tmp_path, content))
    assert (report.text, report.line) == (content, 1)


# --- Markdown ----------------------------------------------------------------------------

MARKDOWN = """\
---
title: X
---
# Talks *begin*

The **Taliban** asked for an [office](http://example.org/a "b")
in the US &amp; more `funds`.

* first
* second

> He said: \\*no\\*.

| who | what |
|-----|------|
| A | an *office* |

Under
-----
![a picture](x.png) of it, 2 * 3 * 4.

[a]: http://example.org
<div>
<p>In <b>HTML</b></p>
</div>
"""


def test_markdown_keeps_words_on_their_lines(tmp_path):
    report = read_report(write(tmp_path, MARKDOWN, "report.md"))
    rows = [row for row in report.text.split("\n") if row]
    assert rows == [
        "Talks begin",
        "The Taliban asked for an office",
        "in the US & more funds.",
        "* first",
        "* second",
        "He said: *no*.",
        "who\twhat",
        "A\tan office",
        "Under",
        "a picture of it, 2 * 3 * 4.",
        "In HTML",
    ]
    for word in ("Talks", "more", "second", "He said", "Under", "In HTML"):
        source = next(i for i, row in enumerate(MARKDOWN.split("\n"), 1) if word.split()[-1] in row)
        assert report.line_of(report.text.index(word)) == source


def test_markdown_without_words_is_refused(tmp_path):
    assert "no words" in problem(write(tmp_path, "***\n\n[a]: http://b.c\n", "report.md")).what


@pytest.mark.parametrize(
    ("markdown", "rows"),
    [
        ("a `b\n  c` d\ne", ["a b", "c d", "e"]),
        ("1. one\n   * two\n\n> * three\n> 4) four", ["1. one", "* two", "", "* three", "4) four"]),
        ("* \n  ```py\n  x\n\n  y\n  ```\n", ["", "", "* x", "", "y", "", ""]),
        ("<div>\n<!-- a\nb -->c\n</div>\n\nd<br>e <i>f</i>", ["", "", "c", "", "", "d e f"]),
        ("|a|b|\n|-|-|\n|é|`d`|", ["a\tb", "", "é\td"]),
        ("Été\n===\n\n&amp; \\* [b] \\\nc", ["Été", "", "", "& * [b] ", "c"]),
    ],
)
def test_each_word_of_markdown_stays_on_its_line(tmp_path, markdown, rows):
    report = read_report(write(tmp_path, "A\n\n" + markdown, "report.md"))
    assert report.text.split("\n")[2:] == rows


# --- HTML --------------------------------------------------------------------------------

PAGE = """<!DOCTYPE html>
<html><head><title>Envoys meet in Doha | The Gulf Paper</title>
<meta property="og:site_name" content="The Gulf Paper">
<meta property="article:published_time" content="2025-03-20T10:00:00Z">
<link rel="canonical" href="https://example.org/doha"></head>
<body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>Envoys meet in Doha</h1>
<p>The envoys met on Monday &amp; talked about <b>prisoners</b> and funds, officials said,
in the first such round since 2021.</p>
<p>A second round is planned for May, the ministry said in a statement.</p></article>
<script>alert("no")</script></body></html>
"""


def test_html_gives_text_and_front_matter(tmp_path):
    report = read_report(write(tmp_path, PAGE, "report.html"))
    assert "The envoys met on Monday & talked about prisoners and funds" in report.text
    assert "Sport" not in report.text and "alert" not in report.text
    assert report.front.title == "Envoys meet in Doha"
    assert report.front.publisher == "The Gulf Paper"
    assert str(report.front.date) == "2025-03-20"
    assert report.front.url == "https://example.org/doha"


def test_front_matter_comes_before_what_the_page_says(tmp_path):
    page = "---\ntitle: Mine\ndate: 2025-03-19\n---\n" + PAGE
    report = read_report(write(tmp_path, page, "report.html"))
    assert report.front.title == "Mine"
    assert str(report.front.date) == "2025-03-19"
    assert report.front.publisher == "The Gulf Paper"
    assert report.text.count("title:") == 0


def test_a_date_in_the_text_is_not_taken_for_the_pages(tmp_path):
    page = "<html><body><p>They had met on 3 May 2019, and again on 4 June 2020.</p></body></html>"
    assert read_report(write(tmp_path, page, "report.html")).front.date is None


def test_html_in_a_text_file_is_html(tmp_path):
    assert read_report(write(tmp_path, PAGE)).front.publisher == "The Gulf Paper"


def test_a_page_says_its_encoding(tmp_path):
    page = '<html><head><meta charset="windows-1251"></head><body><p>Talks: Привет.</p></body>'
    assert "Привет" in read_report(write(tmp_path, page.encode("cp1251"), "a.html")).text


def test_a_page_of_bare_blocks_is_read(tmp_path):
    page = "<?xml version='1.0' encoding='utf-8'?><!DOCTYPE html><html><body>a<div>b</div>c</body>"
    assert read_report(write(tmp_path, page, "report.html")).text.split() == ["a", "b", "c"]


@pytest.mark.parametrize("depth", [300, 5_000])
def test_a_page_nested_too_deep_is_read_whole_and_said_to_be(tmp_path, depth):
    inside = "<div>" * depth + "The envoys met &amp; spoke." + "</div>" * depth
    page = f"<!DOCTYPE html><title>T</title><p>First.</p>{inside}<script>no()</script><p>Last.</p>"
    report = read_report(write(tmp_path, page, "report.html"))
    assert report.text.split("\n") == ["First.", "The envoys met & spoke.", "Last."]
    assert report.doubts == (texts._DEEP,)


def test_a_tag_of_thousands_of_attributes_is_read_without_them(tmp_path):
    many = " ".join(f"a{n}='>'" for n in range(5_000))
    report = read_report(
        write(tmp_path, f"<!DOCTYPE html>\n<p {many}>The envoys met.</p>", "a.html")
    )
    assert report.text == "The envoys met."
    assert report.doubts == ("A tag in line 2, of more than 1000 attributes, read without them.",)


@pytest.mark.parametrize("lines", [24, 200, 20_000])
def test_comments_before_a_text_are_gone_through_once(tmp_path, lines):
    text = "<!-- note -->\n" * lines + "The envoys met."
    assert read_report(write(tmp_path, text)).text == text
    page = "<!-- note -->\n" * lines + PAGE
    assert "The envoys met" in read_report(write(tmp_path, page)).text


@pytest.mark.parametrize(
    "head",
    [
        f'<meta name="author" content="{"(" * 300_000}">',
        f'<meta name="author" a=">" content="{"&#40;" * 100_000}',
        '<script type="application/ld+json">{"@type": "Article", "author": {"@type": "Person", '
        f'"name": "{"<" * 90_000}"}}}}</script>',
        f"<script type='application/ld+json'>{{'author': '{'(' * 300_000}'}}</script>",
        f"<html{' ' * 300_000}x/>\n",
        "<html" * 50_000 + "\n<html />\n",
    ],
    ids=["brackets", "entities", "data", "no data", "blanks", "beginnings"],
)
def test_endless_metadata_keep_nobody_from_the_text(tmp_path, head):
    begun = time.process_time()
    report = read_report(write(tmp_path, PAGE.replace("<title>", head + "<title>"), "report.html"))
    assert time.process_time() - begun < 8  # each took minutes, which nothing could stop
    assert "The envoys met on Monday" in report.text


def test_what_is_ordinary_in_a_page_is_left_to_trafilatura_as_it_is():
    data = '<script type="application/ld+json">{"name": "A", "articleBody": "' + "b " * 9_000 + '"}'
    page = PAGE.replace("<body>", data + "</script><body>" + " " * 900)
    assert texts._tamed(page) == page


def test_a_drawing_with_a_script_is_no_fault(tmp_path):
    page = "<svg xmlns='http://www.w3.org/2000/svg'><script>draw()</script><text>Map</text></svg>"
    assert "no text" in problem(write(tmp_path, page, "map.html")).what


def test_a_page_that_takes_too_long_is_read_without_the_care(tmp_path, monkeypatch):
    def extraction(source, *, fast):
        while not fast:
            pass
        return texts._Page("Found quickly.", "T")

    monkeypatch.setattr(texts, "_by_trafilatura", extraction)
    monkeypatch.setattr(texts, "_SECONDS", 0.05)
    report = read_report(write(tmp_path, PAGE, "report.html"))
    assert (report.text, report.front.title) == ("Found quickly.", "T")
    assert report.doubts == (texts._LATE,)


def test_a_page_without_text_is_refused(tmp_path):
    page = "<html><head><title>T</title></head><body><script>draw()</script></body></html>"
    assert "no text" in problem(write(tmp_path, page, "report.html")).what


def test_html_is_read_in_silence(tmp_path, capfd, caplog):
    with caplog.at_level(logging.DEBUG):
        read_report(write(tmp_path, PAGE, "report.html"))
        problem(write(tmp_path, "<html><body></body></html>", "empty.html"))
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


# --- is it English? ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("قال الوزير إن المفاوضات ستستمر الأسبوع المقبل في الدوحة", "Arabic"),
        ("Министр заявил, что переговоры продолжатся", "Cyrillic"),
        ("部长说，谈判将在下周继续。", "Chinese"),
        (
            "El ministro dijo que las conversaciones continuarán la semana que viene. " * 10,
            "not look",
        ),
        ("Der Minister sagte, die Gespräche würden in der nächsten Woche gehen. " * 10, "not look"),
    ],
)
def test_another_language_gets_a_warning(text, said):
    assert said in (script_warning(text) or "")
    assert not looks_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "The Taliban (طالبان) asked for an office in the US, said the officer.",
        "Recognition",
        "2025 — 40%",
        "The envoys met and talked about the prisoners, as it was said by the ministry. " * 20,
    ],
)
def test_english_and_mixed_text_pass(text):
    assert script_warning(text) is None
