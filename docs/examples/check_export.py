#!/usr/bin/env python3
"""Check an export of the books with nothing of Cagnotte: python3 check_export.py DIR [CHECKPOINTS]

DIR is what `cagnotte ledger export --to DIR` wrote; CHECKPOINTS is a file that `cagnotte ledger seal --checkpoint`
has added to, kept where who can change the database cannot. Python 3.11 or later, nothing to install.

Recomputed for each member: entries of a transfer sum to zero, lots and balances are what entries say, changes are
numbered without a gap, each seal is the digest of the one before it and of what the books gained since. Then the
digests of the 64 shards are compared with the last run, and with each one that was kept outside. Ends 0 when all
holds, 1 with one line for each fault, 2 when it cannot read. It holds one member's books in memory at a time.
"""

import csv
import hashlib
import json
import sys
from collections import defaultdict
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

TABLES = ("members", "transfers", "entries", "lot_days", "lots", "balances", "seals")
GUARDED = ("=", "+", "-", "@", "'", "\t", "\r")  # text that begins so was given an apostrophe in front
TEXTS = {"external_id", "key", "wallet", "note", "made_by", "awaits", "awaited_before", "reason"}
WHOLE = {
    "member_id", "transfer_id", "version", "sale_id", "entry_no", "points", "lot_id", "points_open", "event_id",
    "seal_no", "members",
}  # fmt: skip
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SHARDS = 64


def rows(file):
    """The rows of a table as dicts: whole numbers as such, None for \\N, texts without their guard."""
    csv.field_size_limit(2**31 - 1)
    with file.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            yield {name: value_of(name, text) for name, text in row.items()}


def value_of(name, text):
    if text == "\\N":
        return None
    if name in WHOLE:
        return int(text)
    return text[1:] if name in TEXTS and text[:1] == "'" and text[1:2] in GUARDED else text


def by_member(folder):
    """(member_id, {table: its rows}) of every member in any of the tables, which are in order of member_id."""
    groups = {name: groupby(rows(folder / f"{name}.csv"), lambda row: row["member_id"]) for name in TABLES}
    heads = {name: next(group, None) for name, group in groups.items()}
    while any(heads.values()):
        member = min(head[0] for head in heads.values() if head)
        found = {}
        for name, head in heads.items():
            mine = head is not None and head[0] == member
            found[name] = list(head[1]) if mine else []
            if mine:
                heads[name] = next(groups[name], None)
                if heads[name] and heads[name][0] <= member:
                    raise ValueError(f"{name}.csv is not in order of member_id")
        yield member, found


def faults_of(books):
    """What does not hold in the books of one member, in words."""
    entries = defaultdict(list)
    for entry in books["entries"]:
        entries[entry["transfer_id"]].append(entry)
    transfers = {each["transfer_id"]: each for each in books["transfers"]}
    if entries.keys() != transfers.keys():
        yield f"transfers without entries, or the reverse: {sorted(entries.keys() ^ transfers.keys())}"
    for transfer_id, parts in entries.items():
        if sum(each["points"] for each in parts) != 0 or len({each["wallet"] for each in parts}) != 1:
            yield f"transfer {transfer_id} does not sum to zero in one wallet"
    yield from faults_of_lots(books, transfers)
    yield from faults_of_versions(books)
    yield from faults_of_seals(books, entries)


def faults_of_lots(books, transfers):
    given, left, balances = defaultdict(int), defaultdict(int), defaultdict(int)
    for entry in books["entries"]:
        if entry["account"] == "available":
            left[entry["lot_id"]] += entry["points"]
            balances[entry["wallet"]] += entry["points"]
            if entry["transfer_id"] == entry["lot_id"]:
                given[entry["lot_id"]] += entry["points"]
    days = {each: (row["expires_on"], row["usable_from"], row["awaits"]) for each, row in transfers.items()}
    for row in books["lot_days"]:
        days[row["lot_id"]] = (row["expires_on"], row["usable_from"], row["awaits"])
    lots = {lot["lot_id"]: lot for lot in books["lots"]}
    for lot_id in sorted(left.keys() | lots.keys()):
        lot = lots.get(lot_id)
        if lot is None:
            yield f"lot {lot_id} is missing"
        elif (lot["points"], lot["points_open"]) != (given[lot_id], left[lot_id]):
            stands, said = (lot["points_open"], lot["points"]), (left[lot_id], given[lot_id])
            yield f"lot {lot_id}: {stands[0]} of {stands[1]}, entries say {said[0]} of {said[1]}"
        elif not 0 <= lot["points_open"] <= lot["points"]:
            yield f"lot {lot_id} has more or less in it than it can have"
        elif days.get(lot_id, (None,) * 3)[2] is not None:  # a lot older than the numbers does not tell its days
            told = (lot["expires_on"], lot["usable_from"], lot["awaits"])
            if told != days[lot_id]:
                yield f"lot {lot_id}: its days are {told}, what was told says {days[lot_id]}"
    stands = {each["wallet"]: each["points"] for each in books["balances"]}
    for wallet in sorted(balances.keys() | stands.keys()):
        if balances[wallet] != stands.get(wallet):
            yield f"wallet {wallet}: a balance of {stands.get(wallet)}, entries say {balances[wallet]}"


def faults_of_versions(books):
    numbers = [each["version"] for each in books["transfers"] if each["version"] is not None]
    numbers += {row["version"] for row in books["lot_days"]}
    older = any(each["version"] is None for each in books["transfers"])
    first = min(numbers, default=1) if older else 1
    last = books["members"][0]["version"] if books["members"] else None
    if last is None:
        yield "entries of nobody"
    elif numbers and sorted(numbers) != list(range(first, last + 1)):
        yield f"changes are not numbered from {first} to {last}, each once"
    elif not numbers and last != 0 and not older:
        yield f"no change, but the books are at number {last}"


def faults_of_seals(books, entries):
    content = []
    for each in books["transfers"]:
        content.append(
            (each["version"] or 0, each["transfer_id"], transfer_text(each, entries[each["transfer_id"]]))
        )
    for row in books["lot_days"]:
        content.append((row["version"], row["lot_id"], lot_days_text(row)))
    content.sort()
    before, after = b"", -1
    for seal in books["seals"]:
        gained = "\n".join(text for version, _, text in content if after < version <= seal["version"])
        digest = hashlib.sha256(before + gained.encode()).hexdigest()
        if digest != seal["digest"]:
            yield f"seal {seal['seal_no']} is not that of what it sealed"
        before, after = bytes.fromhex(seal["digest"]), seal["version"]


def transfer_text(row, parts):
    """As PostgreSQL writes the JSON of a transfer with its entries."""
    head = ["transfer", row["version"], row["transfer_id"], row["key"], row["kind"], row["wallet"]]
    tail = [
        row[name] for name in ("happened_on", "sale_id", "note", "made_by", "expires_on", "usable_from", "awaits")
    ]
    names = ("entry_no", "account", "wallet", "points", "lot_id")
    inner = [[each[name] for name in names] for each in parts] or None
    return f"[{listed(head)}, {seconds(row['happened_at'])}, {listed(tail)}, {text_of(inner)}]"


def lot_days_text(row):
    names = ("version", "lot_id", "expires_before", "usable_before", "awaited_before", "expires_on", "usable_from")
    more = ("awaits", "event_id", "happened_on", "reason")
    return f"[{listed(['redated'] + [row[name] for name in names + more])}]"


def listed(values):
    return ", ".join(text_of(value) for value in values)


def text_of(value):
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def seconds(instant):
    """Seconds since 1970 with six decimals, exactly."""
    since = datetime.fromisoformat(instant) - EPOCH
    micros = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    sign, micros = ("-", -micros) if micros < 0 else ("", micros)
    return f"{sign}{micros // 1_000_000}.{micros % 1_000_000:06}"


class Shards:
    """The digests over the last seals of all members, as they were after each run that is asked for."""

    def __init__(self, wanted):
        self.made = {seal_no: [None] * SHARDS for seal_no in wanted}

    def add(self, member, seals):
        for seal_no, digests in self.made.items():
            until = [seal for seal in seals if seal["seal_no"] <= seal_no]
            if until:
                place = member % SHARDS
                line = f"{member}:{until[-1]['version']}:{until[-1]['digest']}"
                if digests[place] is None:
                    digests[place] = hashlib.sha256(line.encode())
                else:
                    digests[place].update(f"\n{line}".encode())

    def of(self, seal_no):
        return ["" if digest is None else digest.hexdigest() for digest in self.made[seal_no]]


def check(folder, kept, tell):
    """`kept`: {seal_no: digests of its shards} from outside. `tell` is called for each fault; how many members."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in manifest["sha256"].items():
        with (folder / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                tell(f"{name} is not the file that was exported")
    if manifest["since"] is not None:
        kept, runs = {}, {}  # shards are of all members: an export of some cannot be held against them
    else:
        runs = {
            row["seal_no"]: row["shards"].replace("-", "").split(" ") for row in rows(folder / "seal_runs.csv")
        }
        runs = dict(sorted(runs.items())[-1:])
    shards = Shards(kept.keys() | runs.keys())
    count = 0
    for member, books in by_member(folder):
        count += 1
        for fault in faults_of(books):
            tell(f"member {member}: {fault}")
        shards.add(member, books["seals"])
    for where, known in (("in the database", runs), ("kept outside", kept)):
        for seal_no, digests in known.items():
            places = [place for place, digest in enumerate(shards.of(seal_no)) if digest != digests[place]]
            if places:
                tell(f"seal {seal_no}, as {where}: these shards were rewritten: {places}")
    return count, manifest["since"]


def main(arguments):
    if len(arguments) not in (1, 2):
        print("python3 check_export.py DIR [CHECKPOINTS]", file=sys.stderr)
        return 2
    faults = []

    def tell(fault):
        faults.append(fault)
        print(fault)

    try:
        lines = Path(arguments[1]).read_text(encoding="utf-8").splitlines() if len(arguments) > 1 else []
        kept = {each["seal_no"]: each["shards"] for each in map(json.loads, lines)}
        members, since = check(Path(arguments[0]), kept, tell)
    except (OSError, ValueError, KeyError) as error:
        print(f"cannot be read: {error if isinstance(error, OSError) else repr(error)}", file=sys.stderr)
        return 2
    if since is not None and kept:
        print("An export since a seal holds some members only: it was not compared with the checkpoints.")
    print(f"{members} members: {'the export holds' if not faults else f'{len(faults)} faults'}.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
