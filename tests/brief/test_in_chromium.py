"""The page in a real browser: it needs nothing but itself and fits a phone."""

from __future__ import annotations

import shutil
import subprocess
from html import escape
from pathlib import Path

import pytest
from norland import hostile

from detente.brief import build, html
from detente.tracking import track

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
BROWSER = next((found for name in NAMES if (found := shutil.which(name))), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome is installed"),
]
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
CSP = "default-src 'none'; style-src 'unsafe-inline'"


def run(page: Path, tmp_path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    assert BROWSER
    return subprocess.run(
        [
            BROWSER,
            "--headless",
            *ARGUMENTS,
            "--virtual-time-budget=2000",
            f"--user-data-dir={tmp_path / 'profile'}",
            *options,
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )


@pytest.fixture(scope="module")
def pages(brief) -> dict[str, str]:
    record = hostile()
    return {"norland": html(brief), "hostile": html(build(record, track(record)))}


def test_the_page_opens_by_itself_without_a_word_on_the_console(pages, tmp_path):
    page = tmp_path / "brief.html"
    page.write_text(pages["norland"], encoding="utf-8")
    done = run(page, tmp_path, "--enable-logging=stderr", "--v=0", "--dump-dom")
    assert "The Norland and Southmark talks" in done.stdout
    assert done.stdout.count("<svg") >= 2
    assert "CONSOLE" not in done.stderr


@pytest.mark.parametrize("name", ["norland", "hostile"])
@pytest.mark.parametrize("width", [360, 800])
def test_nothing_is_wider_than_the_screen(pages, tmp_path, name, width):
    """Measured in a frame, since a headless window cannot be as narrow as a phone."""
    opened = pages[name].replace("<details ", "<details open ")
    assert opened.count("<details open") > 20
    frame = tmp_path / "frame.html"
    frame.write_text(
        f"""<!doctype html><title>waiting</title>
        <iframe style="width:{width}px;height:900px;border:0" srcdoc="{escape(opened)}"
          onload="document.title = 'wide ' + contentDocument.documentElement.scrollWidth
                  + ' of ' + contentDocument.documentElement.clientWidth
                  + ' by ' + contentDocument.documentElement.scrollHeight"></iframe>""",
        encoding="utf-8",
    )
    title = run(frame, tmp_path, "--dump-dom").stdout.split("<title>")[1].split("</title>")[0]
    _, wide, _, window, _, high = title.split()
    assert int(wide) == int(window)
    assert width - 20 <= int(window) <= width
    assert int(high) > 3000


def test_a_link_opens_the_exact_words_it_leads_to(pages, tmp_path):
    """By the style of `:target` alone, as the page runs no script."""
    text = pages["norland"].replace(f'content="{CSP}"', "content=\"default-src * 'unsafe-inline'\"")
    probe = """<script>
      addEventListener('load', () => {
        const height = id => document.querySelector('#' + id + ' .quotes').checkVisibility(
          {contentVisibilityAuto: false, visibilityProperty: true})
          && document.querySelector('#' + id + ' details').getBoundingClientRect().height;
        location.hash = 'move-ask-office';
        setTimeout(() => document.title = height('move-ask-office') + '|'
          + height('move-ask-officers'), 100);
      });</script>"""
    page = tmp_path / "target.html"
    page.write_text(text.replace("</body>", probe + "</body>"), encoding="utf-8")
    title = run(page, tmp_path, "--dump-dom").stdout.split("<title>")[1].split("</title>")[0]
    opened, closed = title.split("|")
    assert opened != "false" and float(opened) > 80
    assert closed == "false" or float(closed) < 80
