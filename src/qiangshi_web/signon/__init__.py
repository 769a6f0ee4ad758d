"""One login for every platform: how people come in here, and go on from here to elsewhere.

It owns first passwords, platforms and the sessions opened on them, and answers OpenID Connect and
SCIM. It never decides what anybody may see: that is a grant (`qiangshi_web.identity`).
"""
