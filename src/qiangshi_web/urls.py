"""Every address of the application."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from qiangshi_web.api import pages as api
from qiangshi_web.api.addresses import addresses
from qiangshi_web.audit import pages as audit
from qiangshi_web.casework.pages import case, guides, rounds, worklist
from qiangshi_web.contexts.ethics import pages as ethics
from qiangshi_web.desk import pages as desk
from qiangshi_web.exchange import export_pages
from qiangshi_web.exchange import pages as exchange
from qiangshi_web.finding import pages as finding
from qiangshi_web.identity import grants_pages as granting
from qiangshi_web.identity import pages as identity
from qiangshi_web.identity import rights_pages as rights
from qiangshi_web.identity.sight import pages as sight
from qiangshi_web.jobs import pages as jobs
from qiangshi_web.kernel import pages as kernel
from qiangshi_web.portal.pages import (
    account,
    balance,
    board,
    comparisons,
    corrections,
    duplicates,
    group_item,
    groups,
    home,
    item,
    numbers,
    organisation,
    organisation_file,
    person,
    plans,
    policies,
    publication,
    records,
    roster,
    scenarios,
    typing,
    what_if,
    work,
)
from qiangshi_web.privacy import pages as privacy
from qiangshi_web.quality import pages as quality
from qiangshi_web.signon.locks import pages as locks
from qiangshi_web.signon.pages import second_factor

urlpatterns = [
    path("", home.home, name="home"),
    path("work/", work.work, name="work"),
    path("account/", account.account, name="account"),
    path("account/second-factor/", second_factor, name="second-factor"),
    path("account/sessions/<int:session_id>/end/", account.end_session, name="end-session"),
    path("account/sessions/end/", account.end_other_sessions, name="end-other-sessions"),
    path("personal-information/", privacy.personal_information, name="personal-information"),
    path("own/", privacy.own_information, name="own-information"),
    path("own/copy/", privacy.own_copy, name="own-copy"),
    path("own/copies/<str:key>.<str:kind>", privacy.own_copied, name="own-copied"),
    path("own/consents/<slug:platform_id>/end/", privacy.end_consent, name="end-consent"),
    path("views/", desk.kept_view, name="kept-view"),
    path("notices/wish/", desk.notice_wish, name="notice-wish"),
    path("draft/", desk.draft, name="draft"),
    path("find/", finding.find, name="find"),
    path("plans/", plans.plan_list, name="plans"),
    path("plans/<str:plan_id>/", plans.plan, name="plan"),
    path("plans/<str:plan_id>/<str:reference>/at/<str:organisation_id>/", item.item, name="item"),
    path(
        "plans/<str:plan_id>/<str:reference>/at/<str:organisation_id>/distribution.svg",
        item.distribution,
        name="distribution",
    ),
    path(
        "plans/<str:plan_id>/<str:reference>/group/<path:group_name>/",
        group_item.group_item,
        name="group-item",
    ),
    path("policies/", policies.policy_list, name="policies"),
    path("policies/compare/", policies.policy_comparison, name="policy-comparison"),
    path("policies/<str:plan_id>/", policies.policy, name="policy"),
    path("policies/<str:plan_id>/<str:reference>/", policies.policy_item, name="policy-item"),
    path(
        "publish/<str:plan_id>/<str:organisation_id>/", publication.publication, name="publication"
    ),
    path("measure/", board.measure_again, name="measure-again"),
    path("board/", board.boards, name="boards"),
    path("board/<str:organisation_id>/", board.board, name="board"),
    path("board/<str:organisation_id>/groups/", groups.group_board, name="group-board"),
    path("groups/<path:group_name>/", groups.group, name="group"),
    path("balance/", balance.balances, name="balances"),
    path("balance/<str:organisation_id>/", balance.balance, name="balance"),
    path("compare/", comparisons.comparisons, name="comparisons"),
    path(
        "compare/<str:organisation_id>/",
        comparisons.organisation_comparison,
        name="organisation-comparison",
    ),
    path("what-if/", what_if.what_ifs, name="what-ifs"),
    path(
        "what-if/<str:plan_id>/<str:reference>/at/<str:organisation_id>/",
        what_if.what_if,
        name="what-if",
    ),
    path("scenarios/", scenarios.scenarios, name="scenarios"),
    path("scenarios/compare/", scenarios.scenario_comparison, name="scenario-comparison"),
    path("scenarios/<str:token>/", scenarios.scenario, name="scenario"),
    path("organisations/", organisation.tree, name="organisations"),
    path("organisations/<str:organisation_id>/", organisation.organisation, name="organisation"),
    path("people/<str:person_id>/", person.person, name="person"),
    path(
        "organisations/<str:organisation_id>/file/",
        organisation_file.organisation_file,
        name="organisation-file",
    ),
    path("people/<str:person_id>/numbers/", numbers.numbers, name="numbers"),
    path("roster/", roster.roster, name="roster"),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/<str:key>/", duplicates.duplicate, name="duplicate"),
    path("people/<str:person_id>/add/<str:ledger>/", records.add_to_person, name="add-to-person"),
    path(
        "organisations/<str:organisation_id>/add/<str:ledger>/",
        records.add_to_organisation,
        name="add-to-organisation",
    ),
    path("files/<str:ledger>/<path:key>/", records.kept_file, name="kept-file"),
    path("records/<str:ledger>/<path:key>/", records.fact, name="fact"),
    path("edit/<str:verb>/<str:ledger>/<path:key>/", records.edit_fact, name="edit-fact"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("corrections/<int:number>/", corrections.correction, name="correction"),
    path("corrections/<int:number>/evidence/<int:file>/", corrections.evidence, name="evidence"),
    path("ask/<str:ledger>/<path:key>/", corrections.ask, name="ask-correction"),
    path("check/<str:ledger>/<str:column>/", typing.check_field, name="check-field"),
    path("suggest/<str:relation>/<str:column>/", typing.suggest, name="suggest"),
    path("exchange/", exchange.imports, name="imports"),
    path("exchange/export/", export_pages.exports, name="exports"),
    path("exchange/exported/<str:key>/", export_pages.exported, name="exported"),
    path("exchange/export/<str:relation_id>.<str:kind>", export_pages.export, name="export"),
    path("exchange/<int:file_id>/", exchange.import_file, name="import"),
    path("exchange/<int:file_id>/act/", exchange.act_on_import, name="import-act"),
    path("exchange/<int:file_id>/result/", exchange.import_result, name="import-result"),
    path(
        "exchange/<int:file_id>/people/<int:question_id>/",
        exchange.identity_question,
        name="identity-question",
    ),
    path("quality/", quality.qualities, name="qualities"),
    path("quality/<str:organisation_id>/", quality.quality, name="quality"),
    path("quality/<str:organisation_id>/problems/", quality.problem_list, name="quality-problems"),
    path("jobs/", jobs.job_list, name="jobs"),
    path("jobs/<int:job_id>/", jobs.job, name="job"),
    path("jobs/run-now/", jobs.run_job_now, name="job-run-now"),
    path("jobs/<int:job_id>/cancel/", jobs.cancel_job, name="job-cancel"),
    path("jobs/<int:job_id>/run-again/", jobs.run_job_again, name="job-run-again"),
    path("cases/", worklist.cases, name="cases"),
    path("cases/types/", guides.case_types, name="case-types"),
    path("cases/types/<str:key>/", guides.case_type, name="case-type"),
    path("cases/types/<str:key>/flow.svg", guides.case_flow, name="case-flow"),
    path("cases/new/<str:key>/", case.case_new, name="case-new"),
    path("cases/<int:case_id>/", case.case, name="case"),
    path("cases/<int:case_id>/decisions/<str:number>/", guides.case_decision, name="case-decision"),
    path(
        "cases/<int:case_id>/documents/<int:document_id>/",
        guides.case_document,
        name="case-document",
    ),
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/<int:round_id>/", rounds.round_, name="round"),
    path("notices/", desk.notices, name="notices"),
    path("verify/", guides.verify, name="verify"),
    path("report/", ethics.ethics_report, name="ethics-report"),
    path("report/receipt/", ethics.ethics_receipt, name="ethics-receipt"),
    path("exposures/", ethics.exposures, name="exposures"),
    path("ethics/half-year/", ethics.half_year, name="half-year"),
    path("log/", audit.log, name="log"),
    path("opened/", audit.opened, name="opened"),
    path("rights/", rights.rights, name="rights"),
    path("rights/delegate/", rights.delegate_right, name="delegate-right"),
    path("rights/delegations/<int:grant_id>/end/", rights.end_delegation, name="end-delegation"),
    path("grants/", granting.grants, name="grants"),
    path("grants/new/", granting.new_grant, name="new-grant"),
    path("grants/choices/<str:kind>/", granting.grant_choices, name="grant-choices"),
    path("grants/<int:grant_id>/", granting.grant, name="grant"),
    path("grants/<int:grant_id>/end/", granting.end_held_grant, name="end-grant"),
    path("locks/", locks.locks, name="locks"),
    path("sights/", sight.sights, name="sights"),
    path("sights/return/", sight.give_back, name="return-sight"),
    path("sights/<int:sight_id>/end/", sight.send_away, name="end-sight"),
    path("api/v1/", addresses()),
    path("tokens/", api.tokens, name="tokens"),
    path("tokens/<int:token_id>/revoke/", api.revoke_token, name="revoke-token"),
    path("sign-out/", identity.SignOut.as_view(), name="sign-out"),
    path("language/", kernel.choose_language, name="language"),
    path("", include("qiangshi_web.signon.urls")),
]
if settings.QIANGSHI_IS_DEMO:
    urlpatterns.append(path("demo/enter/", identity.enter_demo, name="enter-demo"))

handler400 = kernel.bad_request
handler403 = kernel.forbidden
handler404 = kernel.not_found
handler500 = kernel.server_error
