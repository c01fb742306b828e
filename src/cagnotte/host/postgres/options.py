"""Options of the embedded server: safe first, then right for a laptop of two cores."""

from __future__ import annotations

PORT = 5432  # only names the socket's file: the server never listens on the network

_OPTIONS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # One file per weekday, emptied when its day comes round: the log cannot grow for ever.
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgres-%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    # Statements and details of errors hold members' names and addresses; they stay out of the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}


def server_options(socket: str, name: str) -> list[str]:
    """Arguments for `postgres`; `socket` is a folder as the server sees it, `name` marks our processes."""
    quoted = socket.replace('"', '""')
    options = _OPTIONS | {"unix_socket_directories": f'"{quoted}"', "cluster_name": name}
    return [part for key, value in options.items() for part in ("-c", f"{key}={value}")]


def initdb_options(version: int) -> list[str]:
    """Arguments for `initdb`: UTF-8, sorted by code point wherever it runs, pages with checksums."""
    locale = ["--locale=C"]
    if version >= 17:  # noqa: PLR2004 - the first version with a locale that needs no operating system
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    # The socket's folder is open to the server's account and root only; within it everyone is trusted.
    return [*locale, "--encoding=UTF8", "--auth=trust", "--data-checksums", "--no-instructions"]
