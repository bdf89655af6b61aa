"""Levers of a structure by theme: each file is a group of numbers that can be chosen."""
