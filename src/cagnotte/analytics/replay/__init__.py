"""Replay: what another programme would have given over the history, against the present one."""

from cagnotte.analytics.replay.figures import Report
from cagnotte.analytics.replay.run import OtherCurrency, Question, replay
from cagnotte.analytics.replay.workers import ReplayProgress, WorkerEnded

__all__ = ["OtherCurrency", "Question", "ReplayProgress", "Report", "WorkerEnded", "replay"]
