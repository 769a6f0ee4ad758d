"""Random well-formed plans: every kind of item with a figure, over every kind of column.

A plan is drawn from the vocabulary alone; the same seed draws the same plan. Units are kept, so
that an expression which does not check is a fault of this generator and not of the library.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from qiangshi.policy.models import ITEM_KINDS, Clause, Plan, PlanHead
from qiangshi.policy.names import column_symbols
from qiangshi.policy.vocabulary import Text, Validity

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence

    from qiangshi.policy.expressions import Symbol
    from qiangshi.policy.models import Item
    from qiangshi.policy.vocabulary import Measure, Vocabulary

WORDS = {"zh": "试行", "en": "Trial"}
SIGNS = (">=", ">", "<=", "<", "=", "<>")
NUMBERS = (0.5, 1, 1, 2, 3, 4, 12, 40.5, 100, 200, 0.1)
SHARES = (0.1, 0.25, 0.5, 0.75, 0.9, 1)


class Sentences:
    """Draws conditions over one subject; the named values that they need are kept in `values`."""

    def __init__(
        self,
        draw: random.Random,
        symbols: Mapping[str, Symbol],
        measures: Mapping[str, Measure],
    ) -> None:
        self.draw = draw
        self.symbols = list(symbols.values())
        self.measures = measures
        self.values: dict[str, dict[str, Any]] = {}

    def condition(self, deep: int = 2) -> str:
        """A condition with up to four comparisons."""
        if deep == 0 or self.draw.random() < 0.45:
            return self._leaf()
        form = self.draw.choice(["({} AND {})", "({} OR {})", "NOT ({})", "({}) IS {}"])
        if form == "NOT ({})":
            return form.format(self.condition(deep - 1))
        if "IS" in form:
            return form.format(self.condition(deep - 1), self.draw.choice(["TRUE", "FALSE"]))
        return form.format(self.condition(deep - 1), self.condition(deep - 1))

    def value(self, amount: Any, **more: Any) -> str:
        """The name of a new value; one in eight is not in force yet, or was another before."""
        name = f"v{len(self.values)}"
        given: dict[str, Any] = {"value": amount}
        if self.draw.random() < 0.12:
            since = date(self.draw.choice([2021, 2026]), 1, 1)
            given = {"by_date": [{"since": since, "value": amount}]}
        self.values[name] = given | more
        return name

    def _leaf(self) -> str:
        if self.measures and self.draw.random() < 0.55:
            return self._numbers(self._measure())
        symbol = self.draw.choice(self.symbols)
        if self.draw.random() < 0.12:
            denied = self.draw.choice(["", "NOT "])
            return f"{symbol.name} IS {denied}NULL"
        match symbol.kind:
            case "boolean":
                return symbol.name
            case "code":
                return self._code(symbol)
            case "number":
                return self._numbers(symbol.name)
            case "date":
                return self._day(symbol)
        return self._text(symbol)

    def _measure(self) -> str:
        return self.draw.choice(list(self.measures))

    def _code(self, symbol: Symbol) -> str:
        assert symbol.codes is not None
        tokens = symbol.codes.tokens
        if self.draw.random() < 0.3:
            some = self.draw.sample(tokens, min(len(tokens), 3))
            members = ", ".join(f"'{token}'" for token in some)
            return f"{symbol.name} IN ({members})"
        sign = self.draw.choice(SIGNS if symbol.codes.ordered else ("=", "<>"))
        token = self.draw.choice(tokens)
        if self.draw.random() < 0.3:
            return f"{symbol.name} {sign} {self.value(token, codes=symbol.codes.id)}"
        same = [one.name for one in self.symbols if one.codes is symbol.codes]
        if self.draw.random() < 0.15:
            return f"{symbol.name} {sign} {self.draw.choice(same)}"
        return f"{symbol.name} {sign} '{token}'"

    def _text(self, symbol: Symbol) -> str:
        sign = self.draw.choice(["=", "<>"])
        same = [one.name for one in self.symbols if one.kind == symbol.kind]
        if symbol.kind == "reference" or self.draw.random() < 0.3:
            return f"{symbol.name} {sign} {self.draw.choice(same)}"
        return f"{symbol.name} {sign} '{self.draw.choice(['甲', '乙', '丙'])}'"

    def _day(self, symbol: Symbol) -> str:
        days = [one.name for one in self.symbols if one.kind == "date"]
        if self.draw.random() < 0.25:
            return f"{symbol.name} {self.draw.choice(SIGNS)} {self.draw.choice(days)}"
        unit = self.draw.choice(["years", "months", "days"])
        passed = f"{unit}_since({symbol.name})"
        if self.draw.random() < 0.2:
            passed = f"{passed} - {unit}_since({self.draw.choice(days)})"
        length = {"years": (0, 1, 5, 6), "months": (3, 12, 60), "days": (0, 30, 365)}[unit]
        return f"{passed} {self.draw.choice(SIGNS)} {self.value(self.draw.choice(length))}"

    def _numbers(self, name: str) -> str:
        sign, number = self.draw.choice(SIGNS), self.value(self.draw.choice(NUMBERS))
        match self.draw.randrange(8):
            case 0:
                return f"{name} BETWEEN 0 AND {number}"
            case 1:
                return f"{self._made(name)} {sign} {self.draw.choice('01')}"
            case 2:
                return f"{name} {sign} {number} * {self._like(name)}"
            case 3:
                return f"{self._made(name)} {sign} {self._made(self._like(name))}"
            case 4:
                return f"{name} IN (0, 1, {number})"
        return f"{self._made(name)} {sign} {number}"

    def _like(self, name: str) -> str:
        """Another number with the same unit."""
        if name not in self.measures:
            return name
        unit = self.measures[name].unit
        return self.draw.choice([one for one, m in self.measures.items() if m.unit == unit])

    def _made(self, name: str) -> str:
        match self.draw.randrange(9):
            case 0:
                return f"({name} + {self._like(name)})"
            case 1:
                return f"({name} - {self._like(name)})"
            case 2:
                word = self.draw.choice(["least", "greatest"])
                return f"{word}({name}, {self._like(name)})"
            case 3:
                return f"{self.draw.choice(['ceil', 'floor'])}({name})"
            case 4:
                return f"(-{name})"
            case 5:
                return f"{name} / 1"
        return name


class RandomPlans:
    """Draws plans over the relations `given`, and now and then over one that is missing."""

    def __init__(self, vocabulary: Vocabulary, draw: random.Random, given: Sequence[str]) -> None:
        self.vocabulary, self.draw = vocabulary, draw
        relations = vocabulary.relations
        self.subjects = [name for name in given if relations[name].subject]
        self.measures = [one for one in vocabulary.measures.values() if one.relation in given]

    def plan(self, name: str, *, items: int) -> Plan:
        """A plan of so many items."""
        made: dict[str, Item] = {}
        for number in range(items):
            kind, given = self._item()
            whole = {"id": f"n{number}", "clause": "一", "title": WORDS, "summary": WORDS} | given
            made[f"{kind}:n{number}"] = ITEM_KINDS[kind].model_validate(whole)
        scope = "TRUE"
        if self.draw.random() < 0.25:
            scope = self.draw.choice(["urban_rural = 'rural'", "tier = 'school'", "NOT is_weak"])
        since = date(self.draw.choice([2020, 2021, 2023]), 1, 1)
        head = PlanHead(
            id=name,
            title=Text(**WORDS),
            issuer=Text(**WORDS),
            validity=Validity(since=since, until=date(2025, 12, 31)),
            level="county",
            region=Text(**WORDS),
            scope=scope,
        )
        clause = Clause(path="一", label=Text(**WORDS))
        return Plan(head=head, clauses={"一": clause}, provisions={}, items=made)

    def _item(self) -> tuple[str, dict[str, Any]]:
        form = self.draw.choice(
            ["standard"] * 5 + ["share"] * 3 + ["count", "total", "ratio", "programme", "fund"]
        )
        match form:
            case "standard" | "share":
                return self._share(form)
            case "count":
                return self._count()
            case "programme":
                return self._programme()
            case "fund":
                return self._fund()
        return self._quotient(form)

    def _subject(self) -> str:
        return self.draw.choice(["person"] * 4 + ["organisation"] * 3 + self.subjects)

    def _measures(self, subject: str) -> list[Measure]:
        below = [
            one
            for one in self.measures
            if self.vocabulary.path_to(one.relation, subject) is not None
        ]
        return self.draw.sample(below, min(len(below), self.draw.randint(1, 3)))

    def _counted(self, measure: Measure) -> dict[str, Any]:
        counted: dict[str, Any] = {"measure": measure.id, "window": self._window()}
        if self.draw.random() < 0.3:
            relation = self.vocabulary.relations[measure.relation]
            own = {
                name: symbol
                for name, symbol in column_symbols(relation, self.vocabulary).items()
                if symbol.kind in {"code", "boolean"}
                and name.startswith(("organisation.", *"abcdefghijklmnopqrstuvwxyz"))
            }
            sentences = Sentences(self.draw, own, {})
            text = sentences.condition(1)
            if own and not sentences.values:
                counted["where"] = text
        return counted

    def _window(self) -> Any:
        plain = ["plan", "plan", "year", "school_year", "term", "as_of", "as_of"]
        if self.draw.random() < 0.7:
            return self.draw.choice(plain)
        if self.draw.random() < 0.5:
            return {"form": "rolling", "length": self.draw.choice(["P1Y", "P3Y", "P18M", "P90D"])}
        first = date(2021, 1, 1) + timedelta(days=self.draw.randint(0, 1400))
        last = first + timedelta(days=self.draw.randint(0, 900))
        return {"form": "fixed", "since": first, "until": last}

    def _sentences(self, subject: str) -> tuple[Sentences, dict[str, Any]]:
        names = {f"a{number}": one for number, one in enumerate(self._measures(subject))}
        relation = self.vocabulary.relations[subject]
        symbols = column_symbols(relation, self.vocabulary)
        counted = {name: self._counted(one) for name, one in names.items()}
        return Sentences(self.draw, symbols, names), counted

    def _share(self, form: str) -> tuple[str, dict[str, Any]]:
        subject = self._subject()
        sentences, counted = self._sentences(subject)
        population = sentences.condition(1) if self.draw.random() < 0.7 else "TRUE"
        told = {"subject": subject, "population": population, "requires": sentences.condition()}
        given: dict[str, Any] = {"measures": counted}
        if form == "standard":
            given |= told
            if self.draw.random() < 0.4:
                given["share"] = {"value": self.draw.choice(SHARES)}
        else:
            given |= {"figure": {"kind": "share", **told}, "unit": "share"}
            given["targets"] = self._targets(SHARES)
        return ("standard" if form == "standard" else "indicator"), given | {
            "values": sentences.values
        }

    def _targets(self, amounts: Sequence[float]) -> list[dict[str, Any]]:
        found = []
        for _ in range(self.draw.randint(1, 2)):
            level = self.draw.choice(["region", "township", "school", "every"])
            target: dict[str, Any] = {"level": level}
            if self.draw.random() < 0.8:
                value = {"value": self.draw.choice(amounts)}
                target |= {"op": self.draw.choice([">=", "<=", ">", "<", "="]), "value": value}
            else:
                target["direction"] = self.draw.choice(["up", "down"])
            found.append(target)
        return found

    def _count(self) -> tuple[str, dict[str, Any]]:
        subject = self._subject()
        sentences, counted = self._sentences(subject)
        figure = {"kind": "count", "subject": subject, "population": sentences.condition()}
        targets = [one for one in self._targets((0, 1, 5)) if "op" in one]
        targets = targets or [{"op": ">=", "value": {"value": 1}}]
        return "indicator", {
            "figure": figure,
            "measures": counted,
            "unit": "person",
            "targets": targets,
            "values": sentences.values,
        }

    def _quotient(self, form: str) -> tuple[str, dict[str, Any]]:
        above, below = self.draw.choice(self.measures), self.draw.choice(self.measures)
        counted = {"top": self._counted(above), "base": self._counted(below)}
        figure = {"kind": "ratio", "numerator": "top", "denominator": "base"}
        if form == "total":
            del counted["base"]
            figure = {"kind": "total", "of": "top"}
        targets = self._targets((0.5, 1, 3, 40))
        return "indicator", {
            "figure": figure, "measures": counted, "unit": above.unit, "targets": targets,
        }  # fmt: skip

    def _programme(self) -> tuple[str, dict[str, Any]]:
        per = self.draw.choice(["year", "school_year", "plan", "round"])
        quotas = [
            {
                "op": self.draw.choice([">=", "<=", "="]),
                "value": {"value": self.draw.choice([1, 2, 10])},
                "per": per,
                "level": self.draw.choice(["region", "school", "every"]),
            }
            for _ in range(self.draw.randint(0, 2))
        ]
        counts = self._counted(self.draw.choice(self.measures))
        return "programme", {"counts": counts, "quotas": quotas, "cycle": "year"}

    def _fund(self) -> tuple[str, dict[str, Any]]:
        sums = [one for one in self.measures if one.aggregate == "sum"]
        amount, base = self.draw.choice(sums or self.measures), self.draw.choice(self.measures)
        given: dict[str, Any] = {
            "amount": self._counted(amount),
            "floor": {"value": self.draw.choice(SHARES)},
            "level": self.draw.choice(["region", "township", "school", "every"]),
        }
        if self.draw.random() < 0.8:
            given["base"] = self._counted(base)
        if self.draw.random() < 0.3:
            given |= {"ceiling": {"value": 2}, "ceiling_binds": True}
        if self.draw.random() < 0.3:
            given["direction"] = "up"
        if self.draw.random() < 0.5:
            given["population"] = self.draw.choice(["NOT is_weak", "ownership = 'public'"])
        return "fund", given
