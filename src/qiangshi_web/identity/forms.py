"""The sign-in form."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm

from qiangshi_web.kernel.language import say


class SignInForm(AuthenticationForm):
    """Name and password; says in the reader's language what was wrong, and not which of the two."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = say("账号")
        self.fields["password"].label = say("密码")
        wrong = say("账号或密码不正确，请核对后重试；连续多次失败将暂时锁定。")
        self.error_messages = {"invalid_login": wrong, "inactive": say("该账号已停用。")}
