"""The page as people with other eyes, hands and screens meet it: axe-core, and no scripts."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from norland import hostile
from playwright.sync_api import Browser, Page, sync_playwright
from test_in_chromium import ARGUMENTS, BROWSER

from detente.brief import build, compare, html
from detente.case import Case
from detente.tracking import track

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome is installed"),
]
KABUL = Path(__file__).parents[2] / "examples" / "kabul"
RULES = (
    "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice",
)  # fmt: skip
NAMES = ("kabul", "norland", "hostile")


@pytest.fixture(scope="module")
def pages(brief) -> dict[str, str]:
    """kabul has every part there is: answers, pictures, assumptions, what has changed."""
    case = Case.open(KABUL)
    made = build(case.record, case.track(), outlook=case.outlook(), warnings=["One is torn."])
    before = build(case.record, case.track())
    record = hostile()
    return {
        "kabul": html(compare(made, before, older="last week")),
        "norland": html(brief),
        "hostile": html(build(record, track(record), outlook=Case(record).outlook())),
    }


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=ARGUMENTS)
        yield browser
        browser.close()


def shown(browser: Browser, text: str, *, width: int, scripts: bool = True) -> Page:
    """A page as it opens; its rule against scripts put aside for what the test runs in it."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, bypass_csp=True, java_script_enabled=scripts
    )
    page = context.new_page()
    page.set_content(text)
    return page


def told(violation: dict[str, Any]) -> str:
    """A violation in lines: the rule, and the elements that break it."""
    nodes = violation["nodes"]
    lines = [f"{violation['id']} ({violation['impact']}): {violation['help']}"]
    for node in nodes[:4]:
        why = " ".join(node.get("failureSummary", "").split())
        lines.append(f"    {' '.join(map(str, node['target']))}\n      {node['html'][:160]}")
        lines.append(f"      {why[:300]}")
    return "\n".join([*lines, *([f"    and {len(nodes) - 4} more"] if len(nodes) > 4 else [])])


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(browser: Browser, pages, name: str, width: int) -> None:
    page = shown(browser, pages[name], width=width)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    # What is off the screen has no place of its own until it is scrolled to: give it one.
    page.add_style_tag(content=".period { content-visibility: visible }")
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", [*RULES]
    )
    page.context.close()
    assert len(found["passes"]) > 20
    assert not found["violations"], "\n" + "\n".join(map(told, found["violations"]))


CONTRAST = """() => {
  const rgb = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
  const behind = each => {
    for (; each; each = each.parentElement) {
      const found = rgb(getComputedStyle(each).backgroundColor);
      if (found.length === 3 || found[3] === 1) return found;
    }
    return [255, 255, 255];
  };
  const faint = {};
  for (const each of document.querySelectorAll('body *')) {
    const own = [...each.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!own || each.closest('title, desc, defs')) continue;
    const style = getComputedStyle(each);
    const [front, back] = [rgb(each.closest('svg') ? style.fill : style.color), behind(each)];
    const alpha = front.length === 4 ? front[3] : 1;
    const mixed = front.slice(0, 3).map((v, n) => v * alpha + back[n] * (1 - alpha));
    const [high, low] = [light(mixed), light(back)].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize), bold = style.fontWeight >= 700;
    const least = size >= 24 || (bold && size >= 18.66) ? 3 : 4.5;
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < least) faint[`${each.tagName}.${each.getAttribute('class')}`] =
      `${ratio.toFixed(2)} ${each.textContent.trim().slice(0, 40)}`;
  }
  return faint;
}"""
"""The contrast of every text with what is behind it, where axe gives no verdict: in pictures."""


@pytest.mark.parametrize("name", NAMES)
def test_every_word_stands_out_enough(browser: Browser, pages, name: str) -> None:
    page = shown(browser, pages[name], width=1280)
    assert page.evaluate(CONTRAST) == {}
    page.add_style_tag(content=".plot text, .hint { fill: #aaa !important; color: #aaa }")
    assert {"P.hint", "text.lane"} <= set(page.evaluate(CONTRAST))  # the test itself sees it
    page.context.close()


@pytest.mark.parametrize("name", NAMES)
def test_words_and_tables_are_there_without_scripts(browser: Browser, pages, name: str) -> None:
    page = shown(browser, pages[name], width=1280, scripts=False)
    assert page.get_by_role("heading", name="What has happened?").is_visible()
    entry = page.locator("li.entry").first
    entry.scroll_into_view_if_needed()  # what is far from the screen is laid out only then
    assert entry.is_visible()
    folded = page.locator("details.table").first
    table = folded.locator("table")
    assert not table.is_visible()
    folded.locator("summary").click()
    assert table.is_visible()
    assert table.locator("tbody tr").count() >= 1
    page.context.close()


def test_the_answers_are_there_without_scripts(browser: Browser, pages) -> None:
    page = shown(browser, pages["kabul"], width=390, scripts=False)
    assert page.locator("section.answer h2").count() == 7
    assert page.locator("section.answer svg").count() >= 5
    for headline in page.locator("section.answer .headline").all():
        assert len(headline.inner_text()) > 20
    page.context.close()


def test_the_page_is_light(pages) -> None:
    assert {name: len(text.encode()) for name, text in pages.items() if len(text) > 3e6} == {}
