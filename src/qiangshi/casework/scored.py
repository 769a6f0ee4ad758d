"""What every blind, ranked round has in common: check, panel, ranking within quotas, publicity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiangshi.casework.checks import Rule
from qiangshi.casework.grounds import Ground
from qiangshi.casework.kinds import SUPERVISOR, Appeal, Move, Panel, Rights, Step
from qiangshi.casework.numbers import Number

if TYPE_CHECKING:
    from qiangshi.casework.checks import Asked, Check


def _ranked_within(asked: Asked) -> Ground | None:
    found = asked.facts["placed"]
    if found is None:
        return Ground("本批次尚未排名", cure="全部评分后在批次页排名")
    if found["result"] in {"within", "directed"}:
        return None
    return Ground(f"第{found['place']}名，{found['why']}", cure="可在下一批次再申报")


RANKED = Rule("ranked", "在本批次名额之内，或属定向评价", _ranked_within)


@dataclass(frozen=True, slots=True)
class Scored:
    """The part of a type from the check of who may enter to the end of publicity.

    `norms` is the procedure that gives its numbers: check, experts, quorum, most, outlier,
    publicity, review and appeal. `office` handles it, `party` is who entered; `entry` has to hold.
    Publicity ends at `granted`, with `effect` where that is a step; who does not get there ends at
    `refused`.
    """

    norms: str
    office: str
    party: str
    entry: tuple[Check, ...]
    granted: str
    refused: str
    effect: str = ""

    def number(self, name: str) -> Number:
        """A number of the procedure."""
        return Number(self.norms, name)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Check, scoring, ranking, publicity, and the review of appeals."""
        office, number = self.office, self.number
        numbers = [number(name) for name in ("experts", "quorum", "most", "outlier")]
        check, review = number("check"), number("review")
        asks = "按台账核对师德、学时等条件", "按评审记录和申诉理由复核"
        return (
            Step("check", "资格审核", office, asks[0], within=check, escalates=SUPERVISOR),
            Step(
                "scoring",
                "匿名评审",
                office,
                "抽取专家，达到法定人数后结束评审",
                panel=Panel(office, *numbers),
            ),
            Step("ranking", "按名额确定", office, "在批次页排名后逐件确定"),
            Step("publicity", "公示", office, publicity=number("publicity")),
            Step("review", "复核", office, asks[1], within=review, escalates=SUPERVISOR),
        )

    @property
    def moves(self) -> tuple[Move, ...]:
        """What may be done at these steps, but for returning what lacks something."""
        ranked, refused = (RANKED,), self.refused
        return (
            Move("admit", "审核通过", "check", "scoring", checks=self.entry, decides="decides"),
            Move("exclude", "不符合条件", "check", refused, checks=self.entry, when="unmet"),
            Move("close", "结束评审", "scoring", "ranking"),
            Move("select", "列入公示", "ranking", "publicity", checks=ranked),
            Move("leave", "不列入公示", "ranking", refused, checks=ranked, when="unmet"),
            Move(
                "confirm",
                "公示无异议",
                "publicity",
                self.granted,
                auto="publicity-over",
                effect=self.effect,
            ),
            Move("object", "有异议", "publicity", "check", reason="required"),
            Move("uphold", "维持", "review", "upheld", reason="required"),
            Move("again", "重新评审", "review", "scoring", reason="required"),
        )

    @property
    def rights(self) -> Rights:
        """Withdrawal and appeal for who entered; suspension and reopening for the office."""
        return Rights(
            withdraw_by=self.party,
            suspend_by=self.office,
            appeal=Appeal(self.party, self.number("appeal"), "review", (self.refused,)),
            reopen_by=self.office,
            reopen_to="check",
        )
