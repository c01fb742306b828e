"""Rules over tables: many sales judged at once by DuckDB, PostgreSQL or Spark, with the answers of Python."""

from cagnotte.analytics.rules.compile import NotInBulk, compile_ibis, not_in_bulk
from cagnotte.analytics.rules.tables import column_of, rule_tables

__all__ = ["NotInBulk", "column_of", "compile_ibis", "not_in_bulk", "rule_tables"]
