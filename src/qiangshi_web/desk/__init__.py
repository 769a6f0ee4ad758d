"""What each account keeps for itself: views of lists, and the columns that it shows there.

Owns nothing of the record: losing it loses comfort, not facts, and so no event is written.
"""
