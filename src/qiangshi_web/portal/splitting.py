"""The picker of what figures are parted by, and what of the choice goes along to other pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.http import urlencode

from qiangshi.measure.turning_figures import kind_of
from qiangshi.policy.item_parts import subject_of
from qiangshi_web.analytics.cube import breakdowns, labels_of, split_named
from qiangshi_web.analytics.plans import vocabulary
from qiangshi_web.contexts.organisations.queries import is_in_reach
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.language import pick, say

if TYPE_CHECKING:
    from qiangshi_web.analytics.cube import Split
    from qiangshi_web.analytics.readings import Reading
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import ActorRequest

    Choice = tuple[str, str, bool]  # value, words, whether it is the one shown

SPLIT = "split"


def may_split(request: ActorRequest, *organisations: Organisation) -> bool:
    """Parts may be of a few people: they take the right to see people at all of these."""
    return all(is_in_reach(request.actor, Area.PEOPLE, one) for one in organisations)


def split_asked(request: ActorRequest, *organisations: Organisation) -> Split | None:
    """The split of `?split=`, such as `sex` or `sex:female`; one that is unknown, or that the
    actor may not see, is not there.
    """
    asked = request.GET.get(SPLIT, "")
    if not asked:
        return None
    found = split_named(asked) if may_split(request, *organisations) else None
    if found is None:
        raise Http404
    return found


def splits_to_choose(shown: Split | None) -> list[tuple[str, list[Choice]]]:
    """For a picker: of each breakdown its label, all of its parts, and each part alone."""
    asked = "" if shown is None else shown.token
    found = []
    for name, breakdown in breakdowns().items():
        label = pick(breakdown.label)
        each = [(name, say("按{label}分列", label=label), name == asked)]
        for part, words in labels_of(breakdown).items():
            token = f"{name}:{part}"
            each.append((token, say("只看：{part}", part=words), token == asked))
        found.append((label, each))
    return found


def breakdowns_to_choose(shown: Split | None) -> list[Choice]:
    """For a picker of breakdowns alone."""
    asked = "" if shown is None else shown.breakdown.id
    return [(name, pick(one.label), name == asked) for name, one in breakdowns().items()]


def why_not_split(here: Reading, split: Split) -> str:
    """Why a figure has no parts by what was asked for, and what to ask for instead."""
    table = split.breakdown.columns[0].partition(".")[0]
    is_counted = kind_of(here.item, here.result.tier) in {"share", "count"}
    if table == "organisation" or (
        is_counted and vocabulary().path_to(subject_of(here.item), table) is not None
    ):
        return say("这一条目在此没有计入任何人或事，没有可分的部分。")
    return say(
        "这一条目由各机构的记录汇总，未对应到每名教职工，不能按{label}分；“分项”改选“城乡”可分。",
        label=split.label,
    )


def along(request: ActorRequest, *names: str, **others: str) -> str:
    """What pages behind a link have to know of the choices made here, as a query string."""
    kept = {name: request.GET.get(name, "") for name in names} | others
    told = {name: value for name, value in kept.items() if value}
    return f"?{urlencode(told)}" if told else ""
