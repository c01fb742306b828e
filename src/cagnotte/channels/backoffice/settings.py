"""The part of Django's settings that does not depend on where it runs."""

from pathlib import Path
from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.csp import CSP
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

_HERE = Path(__file__).resolve().parent
_static = lazy(static, str)


def _may(name: str) -> Any:
    return lambda request: request.user.has_perm(f"cagnotte.view_{name}")


def _page(title: Any, icon: str, name: str, permission: str | None = None) -> dict[str, Any]:
    page = {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{name}")}
    return page | ({"permission": _may(permission)} if permission else {})


def _may_read_accounts(request: Any) -> bool:
    return bool(request.user.has_perm("cagnotte.accounts.read"))


def _may_read_partners(request: Any) -> bool:
    return bool(request.user.has_perm("cagnotte.partners.read"))


def _may_see_approvals(request: Any) -> bool:
    user = request.user
    acts = user.has_perm("cagnotte.points.approve") or user.has_perm("cagnotte.points.adjust")
    return bool(acts and user.has_perm("cagnotte.view_member"))


def _may_see_accounts(request: Any) -> bool:
    return bool(request.user.has_perm("auth.view_user"))


def _may_see_health(request: Any) -> bool:
    return bool(request.user.has_perm("cagnotte.system.health"))


NAVIGATION = [
    {
        "title": _("Programme"),
        "items": [
            _page(_("Dashboard"), "monitoring", "index"),
            _page(_("Members"), "group", "members", "member"),
            _page(_("Approvals"), "approval", "approvals") | {"permission": _may_see_approvals},
            _page(_("Sales"), "receipt_long", "sales", "sale"),
            _page(_("Stores"), "storefront", "stores", "store"),
            {
                "title": _("Liability"),
                "icon": "account_balance",
                "link": reverse_lazy("admin:liability"),
                "permission": _may_read_accounts,
            },
            {
                "title": _("Partners"),
                "icon": "handshake",
                "link": reverse_lazy("admin:partners"),
                "permission": _may_read_partners,
            },
            _page(_("Programme and rules"), "loyalty", "programme", "programmeversion"),
        ],
    },
    {
        "title": _("Administration"),
        "separator": True,
        "items": [
            {
                "title": _("Accounts"),
                "icon": "badge",
                "link": reverse_lazy("admin:auth_user_changelist"),
                "permission": _may_see_accounts,
            },
            {
                "title": _("Groups"),
                "icon": "groups",
                "link": reverse_lazy("admin:auth_group_changelist"),
                "permission": _may_see_accounts,
            },
            {
                "title": _("System health"),
                "icon": "health_and_safety",
                "link": reverse_lazy("admin:health"),
                "permission": _may_see_health,
            },
        ],
    },
]

# A deep green for the brand; every other colour of a page comes from it or from Unfold's greys.
PRIMARY = {
    "50": "oklch(97.5% .018 172)",
    "100": "oklch(94.5% .042 171)",
    "200": "oklch(89.5% .078 170)",
    "300": "oklch(82.5% .115 169)",
    "400": "oklch(74% .132 167)",
    "500": "oklch(63.5% .127 166)",
    "600": "oklch(51.5% .104 167)",
    "700": "oklch(44% .088 168)",
    "800": "oklch(37.5% .073 170)",
    "900": "oklch(32.5% .06 172)",
    "950": "oklch(22% .042 175)",
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Cagnotte",
    "SITE_HEADER": "Cagnotte",
    "SITE_SUBHEADER": _("Head office"),
    "SITE_URL": None,
    "SITE_SYMBOL": "savings",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": _static("cagnotte/icon.svg")}],
    "BORDER_RADIUS": "8px",
    "COLORS": {"primary": PRIMARY},
    "STYLES": [_static("cagnotte/backoffice.css")],
    "SIDEBAR": {"navigation": NAVIGATION},
}

# No external host. Unfold's Alpine evaluates attributes and sets styles: hence its two exceptions, no more.
POLICY: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.UNSAFE_EVAL],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}

BACK_OFFICE: dict[str, Any] = {
    "INSTALLED_APPS": [
        "cagnotte.channels.backoffice.apps.BackOffice",
        "cagnotte.channels.backoffice.apps.Tables",
        "unfold.apps.BasicAppConfig",
        "cagnotte.channels.backoffice.apps.BackOfficeAdmin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
    ],
    # cagnotte.storage.migrations are SQL files with their own runner, not Django's.
    "MIGRATION_MODULES": {"cagnotte": None},
    "MIDDLEWARE": [
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.csp.ContentSecurityPolicyMiddleware",
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "cagnotte.channels.backoffice.troubles.Troubles",
    ],
    "ROOT_URLCONF": "cagnotte.channels.backoffice.urls",
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [_HERE / "templates"],
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
    "USE_TZ": True,
    "TIME_ZONE": "UTC",
    "LANGUAGE_CODE": "en",
    "USE_I18N": True,
    "USE_THOUSAND_SEPARATOR": True,
    "STATIC_URL": "/static/",
    "WHITENOISE_USE_FINDERS": True,
    "LOGIN_URL": "admin:login",
    "SECURE_CSP": POLICY,
    "SECURE_CONTENT_TYPE_NOSNIFF": True,
    "SECURE_REFERRER_POLICY": "same-origin",
    "X_FRAME_OPTIONS": "DENY",
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "CSRF_COOKIE_HTTPONLY": True,
    "CSRF_COOKIE_SAMESITE": "Lax",
    "LANGUAGE_COOKIE_AGE": 365 * 24 * 60 * 60,
    "LANGUAGE_COOKIE_HTTPONLY": True,
    "LANGUAGE_COOKIE_SAMESITE": "Lax",
    "UNFOLD": UNFOLD,
}
