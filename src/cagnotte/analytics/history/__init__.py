"""The history: what members did, in Parquet files, member by member in order of time."""

from cagnotte.analytics.history.export import ExportProgress, export_history
from cagnotte.analytics.history.layout import HistoryFacts, HistoryRefused, read_facts
from cagnotte.analytics.history.reading import Group, MemberPast, Products, groups_of, members_of
from cagnotte.analytics.history.rows import Sold
from cagnotte.analytics.history.writing import HistoryWriter

__all__ = [
    "ExportProgress",
    "Group",
    "HistoryFacts",
    "HistoryRefused",
    "HistoryWriter",
    "MemberPast",
    "Products",
    "Sold",
    "export_history",
    "groups_of",
    "members_of",
    "read_facts",
]
