"""Tests that try to break the books: a second model of them, histories full of faults, and planted bugs."""
