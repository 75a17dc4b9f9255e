"""Corrections of earlier answers: what became of the words that messages showed, and telling it."""
