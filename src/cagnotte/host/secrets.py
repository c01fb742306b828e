"""Secrets that a shop makes for itself, kept in its data folder for its owner's eyes only."""

import os
import secrets
from pathlib import Path

import msgspec

_FILE = "secrets.json"


class ShopSecrets(msgspec.Struct, frozen=True):
    """`session_key` signs sessions; the demo's sign-in and API key are made with it and stay the same."""

    session_key: str
    demo_password: str
    demo_api_key: str = ""


def shop_secrets(data_dir: Path) -> ShopSecrets:
    """The secrets of this data folder, made when there are none."""
    path = data_dir / _FILE
    if path.exists():
        return msgspec.json.decode(path.read_bytes(), type=ShopSecrets)
    made = ShopSecrets(secrets.token_urlsafe(48), secrets.token_hex(6))
    return keep_secrets(data_dir, made)


def keep_secrets(data_dir: Path, kept: ShopSecrets) -> ShopSecrets:
    """Write the secrets whole or not at all; readable by the owner only."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path, new = data_dir / _FILE, data_dir / f"{_FILE}.{os.getpid()}"
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.encode(kept))
    new.replace(path)
    return kept
