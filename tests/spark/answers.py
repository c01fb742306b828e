"""Facts as views of Spark, and its answers back as those of Python."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
from pyspark.sql import SparkSession

from analytics.rules.tables import LINES, SALES, Answers, Pair, arrow_tables
from cagnotte.analytics.rules import compile_ibis
from cagnotte.analytics.spark import read_parquet, run
from domain.rules.sample_scope import Facts

TWO_EXECUTORS = "local-cluster[2,1,1024]"  # in processes of their own, as on a cluster
SMALL = {"spark.sql.shuffle.partitions": "4"}
_FILES = 4


@contextmanager
def sales_in(session: SparkSession, baskets: Sequence[Facts]) -> Iterator[None]:
    """The baskets as the views of the rules, in files enough for every executor to have a share."""
    with TemporaryDirectory() as folder:
        for name, table in zip(("sales", "sale_lines"), arrow_tables(baskets), strict=True):
            where, each = Path(folder) / name, max(1, -(-table.num_rows // _FILES))
            where.mkdir()
            for start in range(0, max(1, table.num_rows), each):
                pq.write_table(table.slice(start, each), where / f"{start}.parquet")
            read_parquet(session, where, name)
        yield


def spark_answers(pairs: Sequence[Pair], session: SparkSession) -> Answers:
    """For each sale in order, the points of each pair; None where its condition fails."""
    found = run(session, compile_ibis(pairs, SALES, LINES, dialect="pyspark")).toArrow().sort_by("sale_id")
    return list(zip(*[column.to_pylist() for column in found.columns[1:]], strict=True))
