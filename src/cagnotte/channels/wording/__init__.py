"""Sentences for people, in French and English: codes travel, words are chosen here."""

from cagnotte.channels.wording.speech import N_, Speech, speech

__all__ = ["N_", "Speech", "speech"]
