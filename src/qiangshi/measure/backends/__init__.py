"""Engines that carry out an evaluation plan on a snapshot; all give the same counts."""
