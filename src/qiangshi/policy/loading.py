"""Reads the vocabulary, the catalogue and the plans; a plan that does not check does not load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi.errors import Fault, PolicyError, QiangshiError, UnknownPlan
from qiangshi.policy.carriers import Catalogue
from qiangshi.policy.checks import check_plan, check_vocabulary
from qiangshi.policy.files import plan_folders, policy_root
from qiangshi.policy.models import ITEM_KINDS, Clause, Item, Plan, PlanHead, Provision
from qiangshi.policy.places import Places
from qiangshi.policy.schema import Model, fit, fit_list
from qiangshi.policy.vocabulary import CodeList, Measure, Relation, Unit, Vocabulary
from qiangshi.policy.yaml_marks import MarkedFile, read_marked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ITEM_FILES = {
    kind: "activities.yaml" if kind == "activity" else f"{kind}s.yaml" for kind in ITEM_KINDS
}
"""Item kind → the file that holds its items, in a plan's folder and in each of its parts."""

NOT_PARTS = frozenset({"examples"})
"""Subfolders of a plan's folder that hold something other than a part of the plan."""

MAIN_PART = "main"
"""The part that stands first in the document; the others, its annexes, follow by name."""


def plan_ids(root: Path | None = None) -> list[str]:
    """Ids of all plans, national first."""
    return list(plan_folders(root or policy_root()))


def load_vocabulary(root: Path | None = None) -> Vocabulary:
    """Everything in `vocabulary/`. Raises PolicyError with every fault."""
    base = root or policy_root()
    folder = base / "vocabulary"
    if not folder.is_dir():
        raise QiangshiError(f"没有词表目录：{folder}")
    faults: list[Fault] = []
    places = Places()
    relation_files = sorted((folder / "relations").glob("*.yaml"))
    found = Vocabulary(
        units=_keyed(Unit, "unit", [folder / "units.yaml"], base, faults, places),
        codes=_keyed(CodeList, "codes", [folder / "codes.yaml"], base, faults, places),
        relations=_keyed(Relation, "relation", relation_files, base, faults, places),
        measures=_keyed(Measure, "measure", [folder / "measures.yaml"], base, faults, places),
    )
    faults += check_vocabulary(found, places)
    if faults:
        raise PolicyError(faults)
    return found


def load_catalogue(root: Path | None = None) -> Catalogue:
    """`catalogue.yaml`: what the product offers. Raises PolicyError."""
    folder = root or policy_root()
    faults: list[Fault] = []
    file = read_marked(folder / "catalogue.yaml", name="policy/catalogue.yaml")
    catalogue = fit(Catalogue, file, faults)
    if catalogue is None or faults:
        raise PolicyError(faults)
    return catalogue


def load_plan(
    plan_id: str, *, root: Path | None = None, vocabulary: Vocabulary | None = None
) -> Plan:
    """One plan, whole and checked. Raises UnknownPlan, or PolicyError with every fault."""
    base = root or policy_root()
    folders = plan_folders(base)
    if plan_id not in folders:
        raise UnknownPlan(f"没有名为 {plan_id} 的方案；现有：{'、'.join(folders) or '无'}")
    words = vocabulary or load_vocabulary(base)
    return _load(folders[plan_id], base, words, load_catalogue(base), set(folders))


def load_plans(root: Path | None = None) -> dict[str, Plan]:
    """All plans by id, national first. Raises PolicyError with the faults of all of them."""
    base = root or policy_root()
    vocabulary, catalogue = load_vocabulary(base), load_catalogue(base)
    folders = plan_folders(base)
    plans: dict[str, Plan] = {}
    faults: list[Fault] = []
    for plan_id, folder in folders.items():
        try:
            plans[plan_id] = _load(folder, base, vocabulary, catalogue, set(folders))
        except PolicyError as error:
            faults += error.faults
    if faults:
        raise PolicyError(faults)
    return plans


def _load(
    folder: Path, root: Path, vocabulary: Vocabulary, catalogue: Catalogue, plan_names: set[str]
) -> Plan:
    faults: list[Fault] = []
    places = Places()
    head_file = read_marked(folder / "plan.yaml", name=_name(folder / "plan.yaml", root))
    head = fit(PlanHead, head_file, faults)
    places.add("head", head_file, ())
    clause_files = _part_files(folder, "clauses.yaml") or [folder / "clauses.yaml"]
    provision_files = _part_files(folder, "provisions.yaml") or [folder / "provisions.yaml"]
    clauses = _keyed(Clause, "clause", clause_files, root, faults, places)
    provisions = _keyed(Provision, "provision", provision_files, root, faults, places)
    items: dict[str, Item] = {}
    for kind, model in ITEM_KINDS.items():
        files = _part_files(folder, ITEM_FILES[kind])
        found = _keyed(model, kind, files, root, faults, places)
        items |= {f"{kind}:{item_id}": item for item_id, item in found.items()}
    if head is None:
        raise PolicyError(faults)
    plan = Plan(head=head, clauses=clauses, provisions=provisions, items=items)
    faults += check_plan(
        plan,
        places,
        vocabulary=vocabulary,
        catalogue=catalogue,
        plan_names=plan_names,
        folder=folder.name,
    )
    if faults:
        raise PolicyError(faults)
    return plan


def _part_files(folder: Path, name: str) -> list[Path]:
    """Files of that name in the plan's folder, then in its parts, the main text first."""
    parts = [part for part in folder.iterdir() if part.is_dir() and part.name not in NOT_PARTS]
    parts.sort(key=lambda part: (part.name != MAIN_PART, part.name))
    return [file for part in (folder, *parts) if (file := part / name).is_file()]


def _keyed(
    model: type[Model],
    kind: str,
    files: Iterable[Path],
    root: Path,
    faults: list[Fault],
    places: Places,
) -> dict[str, Model]:
    """Entries of list files by id (a clause by its path); a second of the same id is a fault."""
    found: dict[str, Model] = {}
    for path in files:
        file = _read(path, root, faults)
        if file is None:
            continue
        for place, entry in fit_list(model, file, faults):
            key = str(getattr(entry, "id", None) or getattr(entry, "path", ""))
            if key in found:
                first = places.where(f"{kind}:{key}")
                got = f"{key!r} again (first in {first})"
                faults.append(file.fault((*place, "id"), expected=f"a new {kind} id", got=got))
                continue
            found[key] = entry
            places.add(f"{kind}:{key}", file, place)
    return found


def _read(path: Path, root: Path, faults: list[Fault]) -> MarkedFile | None:
    try:
        return read_marked(path, name=_name(path, root))
    except FileNotFoundError:
        faults.append(Fault(_name(path, root), 1, "a file", "none"))
    except PolicyError as error:
        faults += error.faults
    return None


def _name(path: Path, root: Path) -> str:
    """How faults call a file: its path below the policy folder."""
    return f"policy/{path.relative_to(root if path.is_relative_to(root) else root.parent)}"
