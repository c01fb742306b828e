"""Sentences for people, in French and English: codes travel, words are chosen here."""

from cagnotte.channels.wording.speech import N_, Nn_, Speech, speech

__all__ = ["N_", "Nn_", "Speech", "speech"]
