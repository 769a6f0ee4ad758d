"""How secrets that a machine drew are kept."""

from __future__ import annotations

from django.contrib.auth.hashers import ScryptPasswordHasher

DRAWN = "drawn"  # as short as "scrypt": the field holds 128 characters


class DrawnPhraseHasher(ScryptPasswordHasher):
    """For pass phrases drawn at random, of 60 bits or more.

    Slow hashing makes guessing dear where people choose what can be guessed; nobody guesses these,
    and a region opens thousands at once. The first sign-in hashes anew the slow way.
    """

    algorithm = DRAWN
    work_factor = 2**8
