"""Benches: what the program does beside what bare PostgreSQL does with the same work, in the same run."""
