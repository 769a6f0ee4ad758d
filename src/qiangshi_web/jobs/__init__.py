"""Jobs: work that takes longer than a page, done by a worker of its own.

    @job("check-import", title="检查导入文件")
    def check(progress: Progress, *, import_id: int) -> str: ...

    start(check, {"import_id": 7}, of=Order(actor, organisation, about="名册.xlsx", link="/…/"))

A job may be done twice: a worker that dies in the midst of it leaves it to another one. So each is
written such that doing it again changes nothing. It says how far it is as it goes, and ends
where it next says so when somebody has asked it to. Work declared as `scheduled` starts by itself.
The queue is that of django-tasks; heartbeat, retries, schedule and what people see are ours.
"""
