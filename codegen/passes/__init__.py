"""Passes: functions from a block of loops to a better one, each with one idea."""
