"""Migrations of our own tables: numbered SQL files, forward only, each in its own transaction."""

from cagnotte.storage.migrations.runner import migrate

__all__ = ["migrate"]
