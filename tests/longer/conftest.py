"""The same demonstration and browser as for the journeys."""

from tests.journeys.conftest import address, browser, demonstration, door, places

__all__ = ["address", "browser", "demonstration", "door", "places"]
