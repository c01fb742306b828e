"""SQL statements live in files beside the module that runs them."""

from functools import cache
from importlib.resources import files


@cache
def sql(package: str, name: str) -> bytes:
    """The statement in `name`.sql of that package."""
    return files(package).joinpath(f"{name}.sql").read_bytes()
