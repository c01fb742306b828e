"""Programme tests: case files run in memory, without a database, through the same evaluator as sales."""
