"""Points moved by hand, by day and person: who gives how much, to how many, and how often alone."""

from datetime import date

import psycopg

from cagnotte.storage.gestures import GesturesOfDay, gestures_of_days

__all__ = ["GesturesOfDay", "report_gestures"]


def report_gestures(conn: psycopg.Connection, first: date, last: date) -> list[GesturesOfDay]:
    """By day of the programme's time zone, person and wallet, the newest day and the most points first.

    None of these acts belongs to a sale. A person is written as `person_of` does.
    """
    return gestures_of_days(conn, first, last)
