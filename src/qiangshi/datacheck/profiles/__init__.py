"""Which heading means what: profiles of known tables, and mapping by people where none fits."""

from qiangshi.datacheck.profiles.loading import (
    TEMPLATE,
    load_profile,
    profile_ids,
    read_profile,
    template_profile,
)
from qiangshi.datacheck.profiles.mapping import Mapping, Suggestion, suggest_mapping
from qiangshi.datacheck.profiles.models import Profile, ProfileTable

__all__ = [
    "TEMPLATE",
    "Mapping",
    "Profile",
    "ProfileTable",
    "Suggestion",
    "load_profile",
    "profile_ids",
    "read_profile",
    "suggest_mapping",
    "template_profile",
]
