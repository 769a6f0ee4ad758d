"""Funds of a year, budgets, pay, allowances and housing.

Carries funds and pay (广东市 A1.3.3.d). Pay of persons is an area of rights of its own. Never moves
money: it records what was budgeted and paid.
"""
