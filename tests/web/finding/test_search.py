"""A person, school, clause or case is found by name, pinyin initials or number, in scope only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.contexts.people.queries import Person
from qiangshi_web.finding.actions import refresh_names
from qiangshi_web.finding.letters import letters_of_person, letters_of_words, words_of_person
from qiangshi_web.finding.models import NameEntry
from qiangshi_web.finding.queries import search
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.records import correct
from tests.web.casework.filed import everything

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from tests.cast import Cast


def addresses(cast: Cast, who: str, text: str) -> set[str]:
    """Pages that a search of somebody leads to."""
    return {hit.url for hits in search(cast.actor(who), text) for hit in hits.hits}


def page_of(person_id: str) -> str:
    return reverse("person", args=[person_id])


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("王小明", "wxm"),
        ("单雄信", "sxx"),
        ("曾国强", "zgq"),
        ("仇英", "qy"),
        ("欧阳娜娜", "oynn"),
        ("尉迟敬德", "ycjd"),
        ("阿依古丽·买买提", "ayglmmt"),
        ("Anna Li", "annali"),
    ],
)
def test_a_surname_is_read_as_a_surname(name: str, letters: str) -> None:
    assert letters_of_person(name) == letters


def test_a_person_is_found_by_what_follows_the_surname_too() -> None:
    assert words_of_person("王小明") == [("王小明", "wxm"), ("小明", "xm")]
    assert words_of_person("欧阳修") == [("欧阳修", "oyx")]
    assert [word for word, _ in words_of_person("阿依古丽·买买提")] == ["阿依古丽·买买提", "买买提"]


def test_words_are_read_as_words() -> None:
    assert letters_of_words("重庆市第一中学") == "cqsdyzx"


def test_a_teacher_is_found_by_name_initials_and_number_where_one_may_see_her(cast: Cast) -> None:
    name = Person.objects.get(pk=cast.teacher).name
    for text in (name, name[:1], letters_of_person(name), cast.teacher, cast.teacher.lower()[:-1]):
        assert page_of(cast.teacher) in addresses(cast, "sun", text), text
        assert page_of(cast.teacher) not in addresses(cast, "zhou", text), text
    assert page_of(cast.teacher) in addresses(cast, "li", name)


def test_a_teacher_finds_no_colleague(cast: Cast, colleague: str) -> None:
    assert addresses(cast, "li", colleague) == set()


def test_a_new_name_is_found_as_soon_as_it_is_written(cast: Cast) -> None:
    person = Person.objects.get(pk=cast.teacher)
    before = letters_of_person(person.name)
    correct(person, {"name": "诸葛新名"}, actor=cast.actor("sun"), at=clock.now(), reason="改名")

    assert page_of(cast.teacher) in addresses(cast, "qian", "zgxm")
    assert page_of(cast.teacher) in addresses(cast, "qian", "新名")
    assert page_of(cast.teacher) not in addresses(cast, "qian", before)


def test_a_school_is_found_by_part_of_its_name_and_of_its_letters(cast: Cast) -> None:
    school = Organisation.objects.get(pk=cast.school)
    url = reverse("organisation", args=[cast.school])

    for text in (school.name, school.name[1:4], letters_of_words(school.name)[2:6], school.pk):
        assert url in addresses(cast, "sun", text), text
        assert url not in addresses(cast, "zhou", text), text


def test_a_clause_is_found_by_title_letters_and_path(cast: Cast) -> None:
    url = reverse("policy-item", args=["jiyuan-2021", "standard:class-hours-five-years"])

    for text in ("五年继续教育", "wnjxjy", "class hours"):
        assert url in addresses(cast, "qin", text), text
    assert addresses(cast, "xu", "五年继续教育") == set()  # no area of hers tells of plans


def test_a_case_is_found_by_its_number_and_by_whom_it_is_about(cast: Cast) -> None:
    number = everything(cast)["case"]
    url = reverse("case", args=[number])
    name = Person.objects.get(pk=cast.teacher).name

    assert url in addresses(cast, "qian", str(number))
    assert url in addresses(cast, "qian", letters_of_person(name))
    assert url not in addresses(cast, "zhou", str(number))


def test_a_search_takes_as_many_queries_whatever_it_finds(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    zhao = cast.actor("zhao")
    for text in ("w", "王", "zzzzz", cast.teacher):
        with django_assert_num_queries(4):
            search(zhao, text)


def test_the_index_can_be_made_anew_from_the_records(cast: Cast) -> None:
    before = NameEntry.objects.count()
    assert refresh_names() == 0

    NameEntry.objects.filter(key__gte="P").delete()
    NameEntry.objects.create(kind="person", key="P-GONE", word="某人", letters="mr")
    refresh_names()

    assert NameEntry.objects.count() == before
    assert not NameEntry.objects.filter(key="P-GONE").exists()


def test_the_page_answers_without_scripts_and_the_field_with_a_list(cast: Cast) -> None:
    client = cast.signed_in("sun")
    address = reverse("find")
    quick = {"HX-Request": "true", "HX-Target": "found"}

    whole = client.get(address, {"q": cast.teacher}).content.decode()
    listed = client.get(address, {"q": cast.teacher}, headers=quick).content.decode()
    nothing = client.get(address, {"q": "<script>"}).content.decode()

    assert page_of(cast.teacher) in whole
    assert page_of(cast.teacher) in listed
    assert "<html" not in listed
    assert "在您可查看的范围内没有找到。" in nothing
    assert "&lt;script&gt;" in nothing
