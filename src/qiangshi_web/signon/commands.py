"""`qiangshi accounts …` and `qiangshi platforms …`: who may come in, and where they go on to."""

from __future__ import annotations

from pathlib import Path

import click

from qiangshi_web.kernel.starting import settings_option, start


@click.group("accounts")
def accounts() -> None:
    """账号：批量开通、清除两步验证。"""


@accounts.command("issue")
@click.option("--organisation", required=True, help="机构编号：本机构及下属机构的教职工")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="写出账号与初始密码的工作簿，请妥善保管、及时销毁",
)
@settings_option
def issue(organisation: str, out: Path, settings: str | None) -> None:
    """为机构内尚无账号的教职工开通账号；首次登录必须修改密码。再次执行只补开新增人员。"""
    start(settings)
    from django.utils import timezone

    from qiangshi_web.kernel.actors import NOBODY
    from qiangshi_web.signon.issuing import issue_accounts

    issued = issue_accounts(organisation, out=out, actor=NOBODY, at=timezone.now())
    click.echo(f"已开通 {issued.opened} 个账号，{issued.had} 人已有账号；初始密码见 {out}")


@accounts.command("forget-factors")
@click.argument("username")
@click.option("--reason", required=True, help="事由，记入日志 / why, for the log")
@settings_option
def forget_factors(username: str, reason: str, settings: str | None) -> None:
    """清除账号的两步验证（设备与备用代码均遗失时），本人下次登录须重新设置。"""
    start(settings)
    from django.utils import timezone

    from qiangshi_web.identity.queries import account_named
    from qiangshi_web.kernel.actors import NOBODY
    from qiangshi_web.signon.actions import forget_factors as forget

    user = account_named(username)
    if user is None:
        raise click.ClickException(f"没有名为“{username}”的账号")
    count = forget(user, actor=NOBODY, at=timezone.now(), reason=reason)
    click.echo(f"已清除 {user.username} 的两步验证 {count} 项")


@click.group("platforms")
def platforms() -> None:
    """应用平台：登记、轮换签名密钥、补发退出通知。"""


@platforms.command("register")
@click.argument("platform_id")
@click.option("--name", required=True, help="名称")
@click.option("--name-en", default="", help="英文名称")
@click.option("--purpose", default="", help="用途，一句话")
@click.option("--address", required=True, help="首页地址")
@click.option("--redirect", "redirects", multiple=True, help="登录后的回调地址（可多次）")
@click.option("--after-logout", multiple=True, help="退出后的返回地址（可多次）")
@click.option("--back-channel", default="", help="后端退出通知地址")
@click.option("--role", "roles", multiple=True, help="可见角色（可多次），不填为全部")
@settings_option
def register(
    platform_id: str,
    name: str,
    name_en: str,
    purpose: str,
    address: str,
    redirects: tuple[str, ...],
    after_logout: tuple[str, ...],
    back_channel: str,
    roles: tuple[str, ...],
    settings: str | None,
) -> None:
    """登记平台；首次登记写出接入密钥，只显示这一次。"""
    start(settings)
    from django.core.exceptions import ValidationError
    from django.utils import timezone

    from qiangshi_web.kernel import clock
    from qiangshi_web.kernel.actors import NOBODY
    from qiangshi_web.signon.actions import register_platform

    try:
        platform, secret = register_platform(
            platform_id=platform_id,
            name=name,
            name_en=name_en,
            purpose=purpose,
            address=address,
            redirect_uris=redirects,
            post_logout_redirect_uris=after_logout,
            back_channel_logout_uri=back_channel,
            roles=roles,
            valid_from=clock.today(),
            actor=NOBODY,
            at=timezone.now(),
        )
    except ValidationError as refused:
        raise click.ClickException("；".join(refused.messages)) from refused
    click.echo(f"已登记 {platform.platform_id}（{platform.name}）")
    if secret:
        click.echo(f"client_id {platform.platform_id}\nclient_secret {secret}")


@platforms.command("rotate-key")
@settings_option
def rotate_key(settings: str | None) -> None:
    """生成新的签名密钥：先公布，稍后启用；旧密钥在令牌到期后撤下。"""
    start(settings)
    from django.utils import timezone

    from qiangshi_web.signon.signing import rotate

    new = rotate(at=timezone.now())
    click.echo(f"新密钥已公布，{new.not_before} 起用于签名")


@platforms.command("tell")
@click.option("--issuer", required=True, help="本系统地址，与平台所知一致")
@settings_option
def tell(issuer: str, settings: str | None) -> None:
    """向尚未知悉的平台补发退出通知。"""
    start(settings)
    from django.utils import timezone

    from qiangshi_web.signon.telling import tell_platforms

    click.echo(f"已送达 {tell_platforms(issuer=issuer, at=timezone.now())} 条退出通知")


@click.group("directory")
def directory() -> None:
    """账号目录（SCIM）：令牌与同步。"""


@directory.command("token")
@click.argument("name")
@click.option("--organisation", required=True, help="机构编号：令牌可及本机构及下属机构")
@click.option(
    "--power", type=click.Choice(["read", "keep"]), default="read", help="读取，或由人事系统维护"
)
@settings_option
def token(name: str, organisation: str, power: str, settings: str | None) -> None:
    """发放目录令牌，只显示这一次。"""
    start(settings)
    from django.core.exceptions import ValidationError
    from django.utils import timezone

    from qiangshi_web.kernel.actors import NOBODY
    from qiangshi_web.signon.actions import issue_token

    try:
        _, shown = issue_token(
            name=name,
            power=power,
            organisation_id=organisation,
            actor=NOBODY,
            at=timezone.now(),
        )
    except ValidationError as refused:
        raise click.ClickException("；".join(refused.messages)) from refused
    click.echo(shown)


@directory.command("follow")
@settings_option
def follow(settings: str | None) -> None:
    """使目录与账号、授权一致：新进、调动、离岗；再次执行不变。"""
    start(settings)
    from django.utils import timezone

    from qiangshi_web.kernel import clock
    from qiangshi_web.signon.actions import follow_accounts

    changed = follow_accounts(on=clock.today(), at=timezone.now())
    click.echo(f"目录已更新 {changed} 项")
