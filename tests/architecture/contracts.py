"""An import contract that import-linter does not have: what a context keeps to itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from importlinter import Contract, ContractCheck, fields, output

if TYPE_CHECKING:
    from collections.abc import Iterator

    import grimp


class PrivateModules(Contract):
    """Modules named `private` in a child of `contexts` are imported from that child only.

    `readers` (packages) may import them as well.
    """

    contexts = fields.StringField()
    private = fields.SetField(subfield=fields.StringField())
    readers = fields.SetField(subfield=fields.StringField(), required=False, default=frozenset())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Direct imports only: what a context's own queries hand out may come from its models."""
        broken = sorted(self._breaches(graph))
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line for each breach."""
        for importer, imported in check.metadata["broken"]:
            output.print_error(
                f"{importer} -> {imported}: use that context's queries or actions", bold=False
            )

    def _breaches(self, graph: grimp.ImportGraph) -> Iterator[tuple[str, str]]:
        for home in graph.find_children(str(self.contexts)):
            allowed = (home, *cast("frozenset[str]", self.readers))
            for module in self._private_modules(graph, home):
                for importer in graph.find_modules_that_directly_import(module):
                    if not any(_within(importer, package) for package in allowed):
                        yield importer, module

    def _private_modules(self, graph: grimp.ImportGraph, home: str) -> Iterator[str]:
        for name in cast("frozenset[str]", self.private):
            top = f"{home}.{name}"
            if top in graph.modules:
                yield from {top, *graph.find_descendants(top)}


def _within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
