from __future__ import annotations

from pathlib import Path

import pytest

from cagnotte.host.settings import Settings, SettingsInvalid, read_settings


def test_defaults_suit_a_laptop() -> None:
    settings = read_settings({"HOME": "/home/ada", "LANG": "fr_FR.UTF-8"})

    assert settings == Settings()
    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 8765, 1)
    assert (settings.threads, settings.connections) == (256, 6)
    assert settings.database_url is None
    assert settings.language is None
    assert settings.data_dir.name == "cagnotte"


def test_every_field_is_read_from_its_variable() -> None:
    settings = read_settings(
        {
            "DATABASE_URL": "postgresql://shop@db/loyalty",
            "CAGNOTTE_DATA_DIR": "/srv/cagnotte",
            "CAGNOTTE_HOST": "::1",
            "CAGNOTTE_PORT": "9000",
            "CAGNOTTE_WORKERS": "2",
            "CAGNOTTE_THREADS": "8",
            "CAGNOTTE_LANGUAGE": "fr",
            "CAGNOTTE_ALLOW_UNSAFE_DATABASE": "1",
        }
    )

    assert settings == Settings(
        database_url="postgresql://shop@db/loyalty",
        data_dir=Path("/srv/cagnotte"),
        host="::1",
        port=9000,
        workers=2,
        threads=8,
        language="fr",
        allow_unsafe_database=True,
    )


def test_an_empty_database_url_counts_as_absent() -> None:
    assert read_settings({"DATABASE_URL": ""}).database_url is None


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("CAGNOTTE_PROT", "1", "CAGNOTTE_PROT is not a setting: did you mean CAGNOTTE_PORT?"),
        ("CAGNOTTE_DATABASE_URL", "x", "CAGNOTTE_DATABASE_URL is not a setting: did you mean DATABASE_URL?"),
        ("CAGNOTTE_PORT", "many", "CAGNOTTE_PORT='many' cannot be used: expected int, got str."),
        ("CAGNOTTE_PORT", "", "CAGNOTTE_PORT='' cannot be used: expected int, got str."),
        ("CAGNOTTE_PORT", "70000", "CAGNOTTE_PORT='70000' cannot be used: expected int <= 65535."),
        ("CAGNOTTE_WORKERS", "0", "CAGNOTTE_WORKERS='0' cannot be used: expected int >= 1."),
        ("CAGNOTTE_LANGUAGE", "de", "CAGNOTTE_LANGUAGE='de' cannot be used: invalid enum value 'de'."),
        ("CAGNOTTE_DATA_DIR", "", "CAGNOTTE_DATA_DIR='' cannot be used: expected the path of a folder."),
    ],
)
def test_a_misspelt_or_ill_typed_variable_stops_the_start_with_its_name(
    name: str, value: str, sentence: str
) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        read_settings({name: value})

    assert str(refused.value) == sentence


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(SettingsInvalid) as refused:
        read_settings({"CAGNOTTE_PORT": "x", "CAGNOTTE_XYZZY": "1"})

    unknown, ill_typed = str(refused.value).splitlines()
    assert unknown.startswith("CAGNOTTE_XYZZY is not a setting: known names are DATABASE_URL, CAGNOTTE_DATA_DIR,")
    assert ill_typed == "CAGNOTTE_PORT='x' cannot be used: expected int, got str."
