"""Events as JSON and back, without loss: what the application stores is what the engine folds."""

from __future__ import annotations

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from qiangshi.casework.standing import Event, Standing

told = to_jsonable_python
"""An event or standing in JSON's own types."""

event = TypeAdapter(Event).validate_python
"""The event that `told` told."""

standing = TypeAdapter(Standing).validate_python
"""The standing that `told` told."""
