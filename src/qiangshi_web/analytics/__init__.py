"""What was measured: results of plans on snapshots, and the records behind them.

Keeps the figures that `qiangshi.measure` computed, by organisation, and reads persons from the
snapshot itself. Every read is in scope of the actor.
"""
