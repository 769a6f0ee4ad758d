"""Funds, budgets, pay, allowances and housing."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.records.constraints import in_order, once, within
from qiangshi_web.kernel.records.facts import Fact


class FinanceYear(Fact):
    """Finance year (年度经费)."""

    vocabulary_relation = "finance_year"
    natural_key = ("organisation_id", "year")

    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    year = models.IntegerField("年度")
    staff_wages = models.DecimalField(
        "教职工工资总额", max_digits=14, decimal_places=2, null=True, blank=True
    )
    teacher_wages = models.DecimalField(
        "中小学教师工资总额", max_digits=14, decimal_places=2, null=True, blank=True
    )
    public_funds_budget = models.DecimalField(
        "公用经费预算总额", max_digits=14, decimal_places=2, null=True, blank=True
    )
    training_from_public_funds = models.DecimalField(
        "公用经费中的培训费", max_digits=14, decimal_places=2, null=True, blank=True
    )
    training_budget = models.DecimalField(
        "年度教师培训经费", max_digits=14, decimal_places=2, null=True, blank=True
    )
    workforce_spending = models.DecimalField(
        "教师队伍建设投入", max_digits=14, decimal_places=2, null=True, blank=True
    )
    degree_and_training_fund = models.DecimalField(
        "学历提升与培训专项经费", max_digits=14, decimal_places=2, null=True, blank=True
    )
    general_budget_education = models.DecimalField(
        "一般公共预算教育支出", max_digits=14, decimal_places=2, null=True, blank=True
    )
    education_spending = models.DecimalField(
        "教育经费总支出", max_digits=14, decimal_places=2, null=True, blank=True
    )
    per_pupil_spending = models.DecimalField(
        "生均一般公共预算教育支出", max_digits=14, decimal_places=2, null=True, blank=True
    )
    teacher_education_spending = models.DecimalField(
        "教师教育投入", max_digits=14, decimal_places=2, null=True, blank=True
    )
    teacher_average_pay = models.DecimalField(
        "教师平均工资收入水平", max_digits=14, decimal_places=2, null=True, blank=True
    )
    civil_servant_average_pay = models.DecimalField(
        "公务员平均工资收入水平", max_digits=14, decimal_places=2, null=True, blank=True
    )
    performance_pay_base = models.DecimalField(
        "核定岗位绩效工资总量", max_digits=14, decimal_places=2, null=True, blank=True
    )
    performance_pay_total = models.DecimalField(
        "绩效工资总量", max_digits=14, decimal_places=2, null=True, blank=True
    )
    performance_pay_added = models.DecimalField(
        "增核绩效工资总量", max_digits=14, decimal_places=2, null=True, blank=True
    )
    basic_performance_pay = models.DecimalField(
        "基础性绩效工资总额", max_digits=14, decimal_places=2, null=True, blank=True
    )
    post_performance_pay = models.DecimalField(
        "基础性绩效中的岗位部分", max_digits=14, decimal_places=2, null=True, blank=True
    )
    reward_pay_pool = models.DecimalField(
        "奖励性绩效总量", max_digits=14, decimal_places=2, null=True, blank=True
    )
    land_income = models.DecimalField(
        "土地出让收益", max_digits=14, decimal_places=2, null=True, blank=True
    )
    land_income_to_education = models.DecimalField(
        "土地收益用于教育", max_digits=14, decimal_places=2, null=True, blank=True
    )
    infrastructure_fee = models.DecimalField(
        "城市基础设施配套费收入", max_digits=14, decimal_places=2, null=True, blank=True
    )
    bonds_issued = models.DecimalField(
        "地方政府专项债券", max_digits=14, decimal_places=2, null=True, blank=True
    )
    fee_income = models.DecimalField(
        "学费（保教费）收入", max_digits=14, decimal_places=2, null=True, blank=True
    )
    bonds_to_education = models.DecimalField(
        "专项债用于教育", max_digits=14, decimal_places=2, null=True, blank=True
    )
    award_fund = models.DecimalField(
        "奖补资金", max_digits=14, decimal_places=2, null=True, blank=True
    )
    award_fund_to_workforce = models.DecimalField(
        "奖补资金用于教师队伍", max_digits=14, decimal_places=2, null=True, blank=True
    )

    class Meta:
        db_table = "pay_finance_year"
        verbose_name = verbose_name_plural = "年度经费"
        constraints = (
            within(
                "finance_year",
                "staff_wages",
                "teacher_wages",
                "public_funds_budget",
                "training_from_public_funds",
                "training_budget",
                "workforce_spending",
                "degree_and_training_fund",
                "general_budget_education",
                "education_spending",
                "per_pupil_spending",
                "teacher_education_spending",
                "teacher_average_pay",
                "civil_servant_average_pay",
                "performance_pay_base",
                "performance_pay_total",
                "performance_pay_added",
                "basic_performance_pay",
                "post_performance_pay",
                "reward_pay_pool",
                "land_income",
                "land_income_to_education",
                "infrastructure_fee",
                "bonds_issued",
                "fee_income",
                "bonds_to_education",
                "award_fund",
                "award_fund_to_workforce",
                year=(1990, 2100),
            ),
            once("finance_year", "organisation", "year"),
        )


class BudgetLine(Fact):
    """Budget line (经费项目)."""

    vocabulary_relation = "budget_line"

    budget_line_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    year = models.IntegerField("年度")
    purpose = models.CharField("用途", max_length=40)
    source = models.CharField("来源", max_length=40, null=True, blank=True)
    topic = models.CharField("工作领域", max_length=40, null=True, blank=True)
    budget = models.DecimalField("预算金额", max_digits=14, decimal_places=2, null=True, blank=True)
    spent = models.DecimalField("支出金额", max_digits=14, decimal_places=2, null=True, blank=True)
    is_new_money = models.BooleanField("是否新增经费", null=True, blank=True)
    is_audited = models.BooleanField("是否绩效评价", null=True, blank=True)

    class Meta:
        db_table = "pay_budget_line"
        verbose_name = verbose_name_plural = "经费项目"
        indexes = (models.Index(fields=("organisation", "year")),)
        constraints = (within("budget_line", "budget", "spent", year=(1990, 2100)),)


class AllowancePayment(Fact):
    """Allowance (津补贴)."""

    vocabulary_relation = "allowance_payment"

    allowance_payment_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    kind = models.CharField("津补贴类别", max_length=40)
    amount = models.DecimalField("月标准", max_digits=14, decimal_places=2, null=True, blank=True)
    stage = models.CharField("学段", max_length=40, null=True, blank=True)

    class Meta:
        db_table = "pay_allowance_payment"
        verbose_name = verbose_name_plural = "津补贴"
        indexes = (models.Index(fields=("person", "valid_from")),)
        constraints = (
            in_order("allowance_payment"),
            within("allowance_payment", "amount"),
        )


class PayYear(Fact):
    """Pay year (年度待遇)."""

    vocabulary_relation = "pay_year"

    pay_year_id = models.CharField("记录编号", max_length=40, primary_key=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, db_index=False, verbose_name="教师编号"
    )
    year = models.IntegerField("年度")
    total = models.DecimalField(
        "年工作收入", max_digits=14, decimal_places=2, null=True, blank=True
    )
    base_pay = models.DecimalField(
        "基本工资", max_digits=14, decimal_places=2, null=True, blank=True
    )
    performance_pay = models.DecimalField(
        "绩效工资", max_digits=14, decimal_places=2, null=True, blank=True
    )
    is_on_time = models.BooleanField("是否按时发放", null=True, blank=True)
    is_in_full = models.BooleanField("是否足额发放", null=True, blank=True)
    has_insurance = models.BooleanField("是否缴纳社保", null=True, blank=True)

    class Meta:
        db_table = "pay_pay_year"
        verbose_name = verbose_name_plural = "年度待遇"
        indexes = (models.Index(fields=("person", "year")),)
        constraints = (
            within("pay_year", "total", "base_pay", "performance_pay", year=(1990, 2100)),
        )


class PerformancePayShare(Fact):
    """Shares of performance pay (绩效分配)."""

    vocabulary_relation = "performance_pay_share"

    performance_pay_share_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    year = models.IntegerField("年度")
    pay_group = models.CharField("群体", max_length=40)
    persons = models.IntegerField("人数", null=True, blank=True)
    amount = models.DecimalField("发放总额", max_digits=14, decimal_places=2, null=True, blank=True)
    highest = models.DecimalField("最高额", max_digits=14, decimal_places=2, null=True, blank=True)
    lowest = models.DecimalField("最低额", max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        db_table = "pay_performance_pay_share"
        verbose_name = verbose_name_plural = "绩效分配"
        indexes = (models.Index(fields=("organisation", "year")),)
        constraints = (
            within(
                "performance_pay_share", "persons", "amount", "highest", "lowest", year=(1990, 2100)
            ),
        )


class HousingUnit(Fact):
    """Dwelling (住房)."""

    vocabulary_relation = "housing_unit"

    housing_unit_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    kind = models.CharField("住房类别", max_length=40)
    area = models.DecimalField("面积", max_digits=14, decimal_places=2, null=True, blank=True)
    is_occupied = models.BooleanField("是否入住", null=True, blank=True)
    for_talent = models.BooleanField("是否用于人才", null=True, blank=True)

    class Meta:
        db_table = "pay_housing_unit"
        verbose_name = verbose_name_plural = "住房"
        indexes = (models.Index(fields=("organisation", "valid_from")),)
        constraints = (
            in_order("housing_unit"),
            within("housing_unit", "area"),
        )
