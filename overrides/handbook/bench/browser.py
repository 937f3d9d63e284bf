"""What can only be measured in a browser: what a first visit fetches, and whether the page jumps."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Response

# Layout shifts that no input caused, added up over the page's life; `buffered` brings those before the script.
SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) sum += e.value; })
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => setTimeout(() => done(sum), 100));
})"""


def cold_weight(browser: Browser, address: str) -> dict[str, int]:
    """What a first visit fetches: the path of each response from our origin → its bytes under `gzip -6`. Search is left out."""
    sizes: dict[str, int] = {}
    context = browser.new_context(viewport={"width": 360, "height": 740})
    seen: list[Response] = []
    context.on("response", lambda response: seen.append(response))
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    for response in seen:
        parts = urlsplit(response.url)
        if parts.netloc == urlsplit(address).netloc and "/search" not in parts.path and response.ok:
            sizes[parts.path] = len(gzip.compress(response.body(), 6, mtime=0))
    context.close()
    return sizes


def layout_shift(browser: Browser, address: str, width: int) -> float:
    """Cumulative layout shift while the page loads and is scrolled to its end; 0 is none."""
    context = browser.new_context(viewport={"width": width, "height": 740})
    page = context.new_page()
    page.goto(address, wait_until="load")
    for share in (0.25, 0.5, 1.0):
        page.evaluate("share => scrollTo(0, document.documentElement.scrollHeight * share)", share)
        page.wait_for_timeout(60)
    shift = float(page.evaluate(SHIFT))
    context.close()
    return shift
