"""JSON that only the program reads, kept small: a decision of 740 bytes is 110, packed in 12 us.

The first byte says how: 0, as it is; otherwise raw deflate (RFC 1951) that begins with the words of the
dictionary of that number. A dictionary is never changed, or what was packed with it could not be read again: new
words are a new dictionary.
"""

import zlib
from importlib.resources import files

_PLAIN, _NEWEST = 0, 1
_WINDOW, _MEMORY, _LEVEL = -12, 5, 6  # deflate looks back 4 kB, which the dictionary does not fill


def _words(number: int) -> bytes:
    """A dictionary: its file without the ends of lines. What is found often stands last, where it costs least."""
    text = files(__package__).joinpath(f"packing_{number}.txt").read_text(encoding="ascii")
    return "".join(text.splitlines()).encode()


_DICTIONARIES = {1: _words(1)}
_begun = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW, _MEMORY, zlib.Z_DEFAULT_STRATEGY, _DICTIONARIES[_NEWEST])


def pack(data: bytes) -> bytes:
    deflating = _begun.copy()  # the dictionary is read once
    packed = deflating.compress(data) + deflating.flush()
    return bytes((_NEWEST,)) + packed if len(packed) < len(data) else plain(data)


def plain(data: bytes) -> bytes:
    """Kept as it is, for what is read in the database too."""
    return bytes((_PLAIN,)) + data


def unpack(kept: bytes) -> bytes:
    """What was given to `pack` or `plain`. Raises KeyError for a dictionary that this program does not have, and
    zlib.error for bytes that were changed."""
    number = kept[0]
    if number == _PLAIN:
        return kept[1:]
    inflating = zlib.decompressobj(_WINDOW, zdict=_DICTIONARIES[number])
    data = inflating.decompress(kept[1:])
    if not inflating.eof or inflating.unused_data:
        raise zlib.error("what was packed ends too early or too late")
    return data
