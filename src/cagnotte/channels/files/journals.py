"""A journal as CSV, and in the form of the French tax office: the FEC (article A47 A-1 of the LPF)."""

import csv
import io
from collections.abc import Iterable

from cagnotte.application.lots_owed import OwnBalance
from cagnotte.application.show_journal import Journal, JournalLine
from cagnotte.channels.wording.accounts_words import AT_STORE, FUNDED, JOURNAL, LATE, NATURES
from cagnotte.channels.wording.speech import Speech
from cagnotte.domain.programme.currencies import DECIMALS
from cagnotte.domain.programme.document import called

CODE = "FID"
_FEC = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum",
    "CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate",
    "Montantdevise", "Idevise",
)  # fmt: skip
_CSV = (
    "journal", "entry", "line", "day", "month", "closed_at", "wallet", "store", "kind", "nature", "late",
    "account", "account_name", "text", "debit", "credit", "currency", "partner",
)  # fmt: skip
_LOTS = (
    "wallet", "kind", "month", "member", "lot", "given_on", "points", "left", "allocated", "balance", "currency",
    "partner",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_journal(journal: Journal, speech: Speech) -> str:
    """One row per line of an entry; comma, point, UTF-8. What a spreadsheet would take for a formula is text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_CSV)
    for line in journal.lines:
        amounts = [_amount(minor, journal.currency, ".") for minor in (line.debit_minor, line.credit_minor)]
        cells = (
            CODE, line.entry_no, line.line_no, line.day, f"{line.month:%Y-%m}",
            line.closed_at.isoformat(timespec="seconds"), line.wallet, line.store, line.kind.value,
            line.nature.value, "yes" if line.late else "no", line.account,
            called(line.account_name, "", speech.language), entry_text(line, speech), *amounts, journal.currency,
            line.partner,
        )  # fmt: skip
        writer.writerow([_harmless(str(cell)) for cell in cells])
    return text.getvalue()


def csv_lots(lots: Iterable[OwnBalance], currency: str) -> str:
    """One row per lot with points left; the balances add up to that of the accounts."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_LOTS)
    for lot in lots:
        amounts = [_amount(minor, currency, ".") for minor in (lot.amount_minor, lot.balance_minor)]
        given = (f"{lot.given_in:%Y-%m}", lot.member_id, lot.lot_id, lot.given_on)
        writer.writerow(
            [lot.wallet, lot.kind.value, *given, lot.points, lot.left, *amounts, currency, lot.partner]
        )
    return text.getvalue()


def fec_journal(journal: Journal, french: Speech) -> str:
    """The 18 columns, separated by tabs, dates as YYYYMMDD, a decimal comma; the words are French."""
    rows = ["\t".join(_FEC)]
    for line in journal.lines:
        name = called(line.account_name, str(line.account), french.language)
        partner = called(line.partner_name, line.partner, french.language)
        aux = (line.partner, partner) if line.owed else ("", "")
        piece = f"{CODE}-{line.month:%Y-%m}-{line.entry_no:06}"
        debit, credit = (_amount(minor, journal.currency, ",") for minor in (line.debit_minor, line.credit_minor))
        row = (
            CODE, french.say(JOURNAL), str(line.entry_no), f"{line.day:%Y%m%d}", str(line.account), name,
            *aux, piece, f"{line.day:%Y%m%d}", entry_text(line, french), debit, credit, "", "",
            f"{line.closed_at:%Y%m%d}", "", "",
        )  # fmt: skip
        rows.append("\t".join(" ".join(cell.split()) for cell in row))
    return "\r\n".join(rows) + "\r\n"


def fec_name(journal: Journal, siren: str) -> str:
    """As the tax office wants it called: SIREN, FEC, the last day of the company's year."""
    return f"{siren}FEC{journal.year_end:%Y%m%d}.txt"


def entry_text(line: JournalLine, speech: Speech) -> str:
    words = (FUNDED if line.partner else NATURES)[line.kind, line.nature]
    partner = called(line.partner_name, line.partner, speech.language)
    text = speech.say(words, wallet=line.wallet, partner=partner)
    if line.store:
        text = speech.say(AT_STORE, text=text, store=line.store)
    return speech.say(LATE, text=text) if line.late else text


def _amount(minor: int, currency: str, mark: str) -> str:
    """Minor units as a decimal number of the currency; never below 0."""
    decimals = DECIMALS[currency]
    whole, rest = divmod(minor, 10**decimals)
    return f"{whole}{mark}{rest:0{decimals}}" if decimals else str(whole)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
