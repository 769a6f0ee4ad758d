"""Teacher education: programmes, intake, students, contracts."""

from __future__ import annotations

from django.db import models

from qiangshi_web.kernel.records.constraints import in_order, within
from qiangshi_web.kernel.records.facts import Fact


class DegreeProgramme(Fact):
    """Degree programme (培养专业)."""

    vocabulary_relation = "degree_programme"

    degree_programme_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    name = models.CharField("专业名称", max_length=200)
    kind = models.CharField("专业类别", max_length=40)
    level = models.CharField("培养层次", max_length=40)
    field = models.CharField("培养方向", max_length=40, null=True, blank=True)
    is_early_batch = models.BooleanField("是否提前批次", null=True, blank=True)
    has_interview = models.BooleanField("是否有面试测试", null=True, blank=True)
    follows_standard = models.BooleanField("是否符合课程标准", null=True, blank=True)
    practice_weeks = models.DecimalField(
        "教育实践周数", max_digits=14, decimal_places=2, null=True, blank=True
    )

    class Meta:
        db_table = "institutions_degree_programme"
        verbose_name = verbose_name_plural = "培养专业"
        indexes = (models.Index(fields=("organisation", "valid_from")),)
        constraints = (
            in_order("degree_programme"),
            within("degree_programme", "practice_weeks"),
        )


class ProgrammeIntake(Fact):
    """Intake (招生情况)."""

    vocabulary_relation = "programme_intake"

    programme_intake_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    year = models.IntegerField("年度")
    field = models.CharField("培养方向", max_length=40, null=True, blank=True)
    kind = models.CharField("专业类别", max_length=40, null=True, blank=True)
    level = models.CharField("培养层次", max_length=40, null=True, blank=True)
    contract_kind = models.CharField("培养方式", max_length=40, null=True, blank=True)
    stage = models.CharField("面向学段", max_length=40, null=True, blank=True)
    planned = models.IntegerField("计划招生数", null=True, blank=True)
    admitted = models.IntegerField("录取人数", null=True, blank=True)
    second_selected = models.IntegerField("二次选拔人数", null=True, blank=True)

    class Meta:
        db_table = "institutions_programme_intake"
        verbose_name = verbose_name_plural = "招生情况"
        indexes = (models.Index(fields=("organisation", "year")),)
        constraints = (
            within("programme_intake", "planned", "admitted", "second_selected", year=(1990, 2100)),
        )


class InstitutionYear(Fact):
    """Institution year (办学年度情况)."""

    vocabulary_relation = "institution_year"

    institution_year_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    year = models.IntegerField("年度")
    graduates = models.IntegerField("毕业生数", null=True, blank=True)
    graduates_teaching = models.IntegerField("从教毕业生数", null=True, blank=True)
    graduates_certified = models.IntegerField("取得资格毕业生数", null=True, blank=True)
    teacher_educators = models.IntegerField("教师教育师资数", null=True, blank=True)
    pedagogy_doctors = models.IntegerField("学科教学论博士数", null=True, blank=True)
    per_student_funding = models.DecimalField(
        "生均拨款", max_digits=14, decimal_places=2, null=True, blank=True
    )
    overseas_students = models.IntegerField("出国研修学生数", null=True, blank=True)

    class Meta:
        db_table = "institutions_institution_year"
        verbose_name = verbose_name_plural = "办学年度情况"
        indexes = (models.Index(fields=("organisation", "year")),)
        constraints = (
            within(
                "institution_year",
                "graduates",
                "graduates_teaching",
                "graduates_certified",
                "teacher_educators",
                "pedagogy_doctors",
                "per_student_funding",
                "overseas_students",
                year=(1990, 2100),
            ),
        )


class Accreditation(Fact):
    """Accreditation (认证评估)."""

    vocabulary_relation = "accreditation"

    accreditation_id = models.CharField("记录编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    kind = models.CharField("评估类别", max_length=40)
    level = models.IntegerField("认证级别", null=True, blank=True)
    programme_name = models.CharField("专业名称", max_length=200, null=True, blank=True)
    is_passed = models.BooleanField("是否通过", null=True, blank=True)
    score = models.DecimalField("得分", max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        db_table = "institutions_accreditation"
        verbose_name = verbose_name_plural = "认证评估"
        indexes = (models.Index(fields=("organisation", "valid_from")),)
        constraints = (
            in_order("accreditation"),
            within("accreditation", "level", "score"),
        )


class StudentTeacher(Fact):
    """Student teacher (师范生)."""

    vocabulary_relation = "student_teacher"

    student_teacher_id = models.CharField("师范生编号", max_length=40, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, verbose_name="机构编码"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    name = models.CharField("姓名", max_length=200, null=True, blank=True)
    kind = models.CharField("专业类别", max_length=40, null=True, blank=True)
    level = models.CharField("培养层次", max_length=40, null=True, blank=True)
    field = models.CharField("培养方向", max_length=40, null=True, blank=True)
    status = models.CharField("状态", max_length=40, null=True, blank=True)
    passed_interview = models.BooleanField("面试是否通过", null=True, blank=True)
    passed_political_vetting = models.BooleanField("政治审查是否通过", null=True, blank=True)
    meets_ict_standard = models.BooleanField("信息技术应用是否达标", null=True, blank=True)
    passed_skills = models.BooleanField("教学基本功是否达标", null=True, blank=True)
    graduated_on = models.DateField("毕业日期", null=True, blank=True)
    continues_at_own = models.BooleanField("是否本校升读研究生", null=True, blank=True)

    class Meta:
        db_table = "institutions_student_teacher"
        verbose_name = verbose_name_plural = "师范生"
        indexes = (models.Index(fields=("organisation", "valid_from")),)
        constraints = (in_order("student_teacher"),)


class StudentContract(Fact):
    """Student contract (师范生协议)."""

    vocabulary_relation = "student_contract"

    student_contract_id = models.CharField("记录编号", max_length=40, primary_key=True)
    student_teacher = models.ForeignKey(
        "institutions.StudentTeacher", models.PROTECT, db_index=False, verbose_name="师范生编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    kind = models.CharField("培养方式", max_length=40)
    stage = models.CharField("面向学段", max_length=40, null=True, blank=True)
    subject = models.CharField("面向学科", max_length=40, null=True, blank=True)
    status = models.CharField("履约状态", max_length=40)
    service_from = models.DateField("履约起始日期", null=True, blank=True)
    placed_on = models.DateField("到岗日期", null=True, blank=True)
    repaid = models.DecimalField("退还金额", max_digits=14, decimal_places=2, null=True, blank=True)
    is_rural = models.BooleanField("是否面向乡村", null=True, blank=True)

    class Meta:
        db_table = "institutions_student_contract"
        verbose_name = verbose_name_plural = "师范生协议"
        indexes = (models.Index(fields=("student_teacher", "valid_from")),)
        constraints = (
            in_order("student_contract"),
            within("student_contract", "repaid"),
        )


class PracticePlacement(Fact):
    """Practice placement (教育实践)."""

    vocabulary_relation = "practice_placement"

    practice_placement_id = models.CharField("记录编号", max_length=40, primary_key=True)
    student_teacher = models.ForeignKey(
        "institutions.StudentTeacher", models.PROTECT, db_index=False, verbose_name="师范生编号"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    host_name = models.CharField("实践学校", max_length=200, null=True, blank=True)
    terms = models.DecimalField(
        "实践学期数", max_digits=14, decimal_places=2, null=True, blank=True
    )
    weeks = models.DecimalField("实践周数", max_digits=14, decimal_places=2, null=True, blank=True)
    has_school_mentor = models.BooleanField("有校方指导教师", null=True, blank=True)
    result = models.CharField("实践考核结果", max_length=40, null=True, blank=True)

    class Meta:
        db_table = "institutions_practice_placement"
        verbose_name = verbose_name_plural = "教育实践"
        indexes = (models.Index(fields=("student_teacher", "valid_from")),)
        constraints = (
            in_order("practice_placement"),
            within("practice_placement", "terms", "weeks"),
        )
