"""What a person reads on a page: its text without tags, spaces made plain."""

from __future__ import annotations

import html
import re

from django.http import HttpResponse


def text_of(response: HttpResponse) -> str:
    """The visible words of the page's main part; figures keep their marks, all spaces are ordinary ones."""
    assert response.status_code == 200, response.status_code
    page = response.content.decode()
    main = page[page.index('<main id="cg-main"') : page.index("</main>")]
    shown = re.sub(r"<script.*?</script>", " ", main, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())
