"""Addresses of signing on; the library's names where it asks for them by name."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import include, path

from qiangshi_web.identity.pages import SignOut
from qiangshi_web.signon import pages
from qiangshi_web.signon.directory.pages import scim
from qiangshi_web.signon.upstream_pages import back, leave

urlpatterns = [
    path("sign-in/", pages.SignIn.as_view(), name="sign-in"),
    path("sign-in/", pages.SignIn.as_view(), name="account_login"),
    path("sign-in/through/<slug:way_id>/", leave, name="sign-in-through"),
    path("sign-in/through/<slug:way_id>/back/", back, name="sign-in-back"),
    path("account/out/", SignOut.as_view(), name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/again/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/password/first/", account.password_set, name="account_set_password"),
    path("account/factors/", include("allauth.mfa.urls")),
    path("identity/o/authorize", pages.Authorize.as_view(), name="authorize"),
    path("identity/o/logout", pages.Leave.as_view(), name="leave"),
    path("scim/v2/", scim, name="scim"),
    path("scim/v2/<path:rest>", scim, name="scim-below"),
    path("", include("allauth.idp.urls")),
]
