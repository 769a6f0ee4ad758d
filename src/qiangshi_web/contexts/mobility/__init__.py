"""Rotation between schools, and requests for transfer.

Carries exchange and rotation (济源 4.8.j, 广东市 A1.2.3.4.i). A stay says that one taught
elsewhere for a time; the state of the person, and so the staff of a school, changes in people.
"""
