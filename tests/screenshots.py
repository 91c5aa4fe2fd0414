"""Make the pictures of docs/screenshots anew: `python -m tests.screenshots outputs/report.html` (needs chromium)."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, sync_playwright

from tests.conftest import ROOT

_DESKTOP, _READER, _PHONE = (1160, 800), (900, 600), (390, 780)

#: Without colours at the edges of letters the files are smaller.
_ARGS = ["--no-sandbox", "--disable-lcd-text"]


def _go(selector: str) -> Callable[[Page], object]:
    return lambda page: page.evaluate(
        "s => { document.documentElement.style.scrollBehavior = 'auto'; document.querySelector(s).scrollIntoView(); }",
        selector,
    )


def _time(page: Page) -> None:
    page.select_option("#measure", "share")
    page.select_option("#period", "quarter")
    _go("#time")(page)


def _net(page: Page) -> None:
    _go("#net")(page)
    page.locator(".net:visible .node").nth(3).hover()


def _read(page: Page) -> None:
    page.click("#shelf li:nth-child(2) button")
    _go("#read")(page)
    page.wait_for_timeout(200)
    page.locator("#article p mark.person").first.hover()


#: Name: size, colour scheme, language, and what to do first.
SHOTS: dict[str, tuple[tuple[int, int], Literal["light", "dark"], str, Callable[[Page], object]]] = {
    "desktop-light": (_DESKTOP, "light", "nl", lambda page: None),
    "desktop-dark": (_DESKTOP, "dark", "nl", _time),
    "network-light": (_DESKTOP, "light", "nl", _net),
    "reader-light": (_READER, "light", "nl", _read),
    "reader-dark": (_READER, "dark", "en", _read),
    "phone-light": (_PHONE, "light", "nl", _time),
    "phone-dark": (_PHONE, "dark", "nl", _net),
}


def main(report: Path) -> None:
    """Write every picture."""
    folder = ROOT / "docs" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_ARGS)
        for name, ((width, height), scheme, language, prepare) in SHOTS.items():
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(report.resolve().as_uri())
            if language == "en":
                page.click("#language")
            page.wait_for_selector("#chart[data-shown] svg")
            prepare(page)
            page.wait_for_timeout(400)
            page.screenshot(path=folder / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
