"""Addresses of lists are those that Django gives."""

from __future__ import annotations

import pytest
from django.urls import reverse

from qiangshi_web.kernel.addresses import address


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("home", ()),
        ("person", ("P0000001",)),
        ("person", ("张 三{0}%?#&+",)),
        ("fact", ("person_state", "P1/2020-09-01")),
        ("add-to-person", ("key-0-", "key-1-")),
        ("item", ("jiyuan-2021", "standard:hours", "R")),
    ],
)
def test_an_address_is_the_one_that_django_gives(name: str, keys: tuple[str, ...]) -> None:
    assert address(name, *keys) == reverse(name, args=keys)
