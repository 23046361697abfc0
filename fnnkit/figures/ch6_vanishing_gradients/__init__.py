"""Figures of chapter 6, drawn by the student's own functions."""
