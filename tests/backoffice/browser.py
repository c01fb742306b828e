"""A real browser on the real screens, and what it saw go wrong."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from playwright.sync_api import BrowserType, ConsoleMessage, Page

from backoffice.shop import PASSWORD

SCREENSHOTS = Path(__file__).resolve().parents[2] / "screenshots"
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = False  # so that closing waits for the last answer
    block_on_close = True


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def served(app: Any) -> Iterator[str]:
    """The application on a free loopback port; its address."""
    server = make_server("127.0.0.1", 0, app, _Server, _Silent)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def launch(chromium: BrowserType) -> Any:
    """CAGNOTTE_CHROMIUM, else the system's Chromium, else the one that Playwright brings."""
    program = os.environ.get("CAGNOTTE_CHROMIUM") or shutil.which("chromium")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return chromium.launch(executable_path=program, args=[*QUIET, *as_root])


class Walk:
    """One person at one screen; `faults` are console errors and answers that failed."""

    def __init__(self, page: Page, address: str, name: str) -> None:
        self.page, self.address, self._name = page, address, name
        self.faults: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("response", lambda answer: self._failed(answer.status, answer.url))

    def go(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def sign_in(self) -> None:
        self.go("/backoffice/")
        self.page.locator("input[name=username]").fill("head")
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("#login-form button[type=submit]").click()
        self.page.wait_for_url("**/backoffice/")

    def keep(self, what: str) -> None:
        """Keep a picture of the whole page."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{what}-{self._name}.png", full_page=True)

    def enter(self) -> None:
        """Press Enter, and wait for the page that it leads to."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def tab_to(self, is_there: Callable[[str], bool]) -> None:
        """Press Tab until the element that has the focus says something that fits."""
        for _ in range(80):
            self.page.keyboard.press("Tab")
            focused = self.page.evaluate(
                "document.activeElement.getAttribute('aria-label') || document.activeElement.name"
                " || document.activeElement.innerText || ''"
            )
            if is_there(focused.strip()):
                return
        raise AssertionError("Tab never reached it")

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.faults.append(message.text)

    def _failed(self, status: int, url: str) -> None:
        if status >= 400:
            self.faults.append(f"{status} {url}")
