"""The pages in a real browser: on a phone, in both colour schemes, by keyboard."""

import pytest

from tests.browser.chromium import Tab
from tests.chain import Chain

PAGES = (
    "/",
    "/datasets",
    "/datasets/budgets-2016",
    "/datasets/budgets-2016/releases/1",
    "/budgets?limit=50",
    "/budgets?fiscal_year=abc",
    "/administrative-penalties?limit=20",
    "/disclosure-statistics?limit=20",
    "/project-approvals?limit=20",
    "/about/contracts/budgets",
    "/problems",
    "/nowhere",
)
PHONE = (390, 844)
DESK = (1280, 900)

# What stands out to the right of the window, unless a box of its own scrolls it or cuts it off.
STANDS_OUT = """
(() => {
  const wide = document.documentElement.clientWidth;
  const held = element => {
    for (let each = element; each && each !== document.body; each = each.parentElement) {
      const style = getComputedStyle(each);
      if (style.overflowX !== 'visible' || style.position === 'absolute') return true;
    }
    return false;
  };
  const out = [...document.body.querySelectorAll('*')]
    .filter(each => each.getBoundingClientRect().right > wide + 1 && !held(each))
    .map(each => `${each.tagName} ${each.className} ${each.textContent.trim().slice(0, 40)}`);
  return [document.documentElement.scrollWidth - wide, out.slice(0, 5)];
})()
"""
# Texts whose contrast to what is behind them is under 4.5 (WCAG 2.2, 1.4.3).
FAINT = """
(() => {
  const read = text => (text.match(/[0-9.]+/g) || [0, 0, 0, 0]).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(each => each / 255)
    .map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
    .reduce((sum, each, place) => sum + each * [0.2126, 0.7152, 0.0722][place], 0);
  const behind = element => {
    for (let each = element; each; each = each.parentElement) {
      const colour = read(getComputedStyle(each).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const element of document.body.querySelectorAll('*')) {
    const own = [...element.childNodes].some(each => each.nodeType === 3 && each.data.trim());
    if (!own || !element.checkVisibility()) continue;
    let strength = 1;
    for (let each = element; each; each = each.parentElement) {
      strength *= Number(getComputedStyle(each).opacity);
    }
    const back = behind(element), ink = read(getComputedStyle(element).color);
    const mixed = back.slice(0, 3).map((each, place) => each + (ink[place] - each) * strength);
    const [high, low] = [light(mixed), light(back)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) faint.push(element.tagName + ' ' + element.textContent.trim().slice(0, 30)
      + ' ' + ratio.toFixed(2));
  }
  return faint.slice(0, 5);
})()
"""


@pytest.mark.parametrize("path", PAGES)
def test_nothing_stands_out_of_a_phone(tab: Tab, address: str, path: str) -> None:
    tab.look_like(*PHONE)
    tab.open(address + path)

    assert tab.ask(STANDS_OUT) == [0, []]


def test_a_record_fits_a_phone(tab: Tab, address: str, library: Chain) -> None:
    record = library.records("budgets", limit="1")[0]["_id"]
    tab.look_like(*PHONE)
    tab.open(f"{address}/budgets/{record}")

    assert tab.ask(STANDS_OUT) == [0, []]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_every_text_can_be_told_from_its_background(
    tab: Tab, address: str, path: str, scheme: str
) -> None:
    tab.look_like(*DESK, scheme)
    tab.open(address + path)

    assert tab.ask(FAINT) == []


def test_the_style_sheet_is_let_through_by_the_policy(tab: Tab, address: str) -> None:
    tab.look_like(*DESK)
    tab.open(address)

    assert tab.ask("document.styleSheets[0].cssRules.length") > 50


def test_the_first_tab_leads_to_the_content(tab: Tab, address: str) -> None:
    tab.look_like(*DESK)
    tab.open(address + "/budgets")
    for kind in ("rawKeyDown", "keyUp"):
        tab.send("Input.dispatchKeyEvent", type=kind, key="Tab", windowsVirtualKeyCode=9)

    assert tab.ask("document.activeElement.getAttribute('href')") == "#main"
    assert tab.ask("document.activeElement.getBoundingClientRect().left") >= 0


def test_a_form_filled_in_becomes_an_address(tab: Tab, address: str) -> None:
    tab.look_like(*PHONE)
    tab.open(address + "/budgets")
    tab.ask("document.getElementById('in-fiscal_year').value = '2016'")
    tab.ask("document.getElementById('in-document_type').selectedIndex = 1")
    tab.submit("form.ask")

    assert tab.ask("location.pathname") == "/budgets"
    assert tab.ask("location.search").startswith("?fiscal_year=2016&document_type=")
    assert tab.ask("document.querySelectorAll('.chips li').length") == 3
