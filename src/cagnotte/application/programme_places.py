"""Where the parts of a programme's text begin and end, comments and line ends with them."""

from cagnotte.domain.programme.positions import Path, Span, spans_of

type Range = tuple[int, int]

_NOWHERE = (-1, "", "")


class Places:
    """A TOML text and the places of its parts."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans = spans_of(text)
        self.line_end = "\r\n" if "\r\n" in text else "\n"

    def is_heading(self, path: Path) -> bool:
        """Whether the path stands as [table] or [[table]], and not inside a value."""
        span = self.spans.get(path)
        if span is None or span.key_start != span.start or not self.text.startswith("[", span.start):
            return False
        return not any(self._holds(path[:length], span) for length in range(1, len(path)))

    def headings_below(self, path: Path) -> list[Path]:
        """Headings of a thing and of its parts, in the order of the text."""
        found = [known for known in self.spans if known[: len(path)] == path and self.is_heading(known)]
        return sorted(found, key=lambda known: self.spans[known].start)

    def section(self, heading: Path) -> Range:
        """From the comment lines that touch a heading to the next heading's, without the fields of its parts."""
        start = self._line_start(self.spans[heading].start)
        while start > 0:
            above = self._line_start(start - 1)
            if not self.text[above:start].lstrip().startswith("#"):
                break
            start = above
        end = self._next_line(self._end_of_fields(heading))
        while end < len(self.text) and not self.text[end : self._next_line(end)].strip():
            end = self._next_line(end)
        return start, end

    def room_for_field(self, table: Path) -> tuple[int, str, str]:
        """(where, what to write before, after) for a new field; where < 0: there is no room for one."""
        span = self.spans.get(table)
        if table and span is not None and self.text.startswith("{", span.start):
            last = max((self.spans[each].end for each in self._fields(table)), default=-1)
            return (span.start + 1, " ", " ") if last < 0 else (last, ", ", "")
        if table and not self.is_heading(table):
            return _NOWHERE
        at = self._end_of_fields(table)
        if at == 0:
            return 0, "", self.line_end
        end = self.text.find("\n", at)
        if end < 0:
            return len(self.text), self.line_end, ""
        return end + 1, "", self.line_end

    def end_of_tables(self, table: str) -> int:
        """Just after the last line of the last thing of a table; the end of the text when there is none."""
        headings = self.headings_below((table,))
        if not headings:
            return len(self.text)
        at = max(self._end_of_fields(each) for each in headings)
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end - self.text.startswith("\r", end - 1)

    def field_with_separator(self, path: Path) -> Range:
        """A field's whole line, or its pair of an inline table with one comma."""
        span = self.spans[path]
        owner = self.spans.get(path[:-1])
        if owner is None or not owner.start < span.start < owner.end or self.is_heading(path[:-1]):
            return self._line_start(span.key_start), self._next_line(span.end)
        inside = sorted(self.spans[each].start for each in self._fields(path[:-1]))
        place = inside.index(span.start)
        if len(inside) == 1:
            return owner.start + 1, owner.end - 1
        if place == 0:
            follower = next(each for each in self._fields(path[:-1]) if self.spans[each].start == inside[1])
            return span.key_start, self.spans[follower].key_start
        return self._after_field_before(path[:-1], span), span.end

    def _after_field_before(self, table: Path, span: Span) -> int:
        return max(self.spans[each].end for each in self._fields(table) if self.spans[each].end <= span.key_start)

    def _fields(self, table: Path) -> list[Path]:
        """Fields that stand directly in a table, without its parts under headings of their own."""
        length = len(table)
        return [
            path
            for path in self.spans
            if len(path) > length
            and path[:length] == table
            and not self.is_heading(path)
            and not any(self.is_heading(path[:each]) for each in range(length + 1, len(path)))
            and not any(self._holds(path[:each], self.spans[path]) for each in range(length + 1, len(path)))
        ]

    def _end_of_fields(self, table: Path) -> int:
        ends = [self.spans[path].end for path in self._fields(table)]
        heading = self.spans[table].end if table in self.spans else 0
        return max([heading, *ends])

    def _holds(self, path: Path, span: Span) -> bool:
        """Whether the value at a path has the span inside it."""
        outer = self.spans.get(path)
        return outer is not None and outer.start < span.start < outer.end

    def _line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def _next_line(self, at: int) -> int:
        found = self.text.find("\n", at)
        return len(self.text) if found < 0 else found + 1
