from __future__ import annotations

import pytest

from cagnotte.channels.api.language import preferred_language


@pytest.mark.parametrize(
    ("accept_language", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("fr", "fr"),
        ("FR-fr", "fr"),
        ("de, fr;q=0.8, en;q=0.7", "fr"),
        ("fr;q=0.2, en-GB;q=0.9", "en"),
        ("fr, en", "fr"),
        ("en, fr", "en"),
        ("fr;q=0, de", "en"),
        ("*", "en"),
        ("de", "en"),
        ("fr;q=2", "en"),
        (";;q=,,", "en"),
        ("fr-CA-x-shop ; q=0.5", "fr"),
    ],
)
def test_the_language_of_highest_weight_is_chosen(accept_language: str | None, language: str) -> None:
    assert preferred_language(accept_language) == language
