"""The programme: its versions, and one version as a text and in words."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cagnotte.application.publish_programme import FROM_THE_BEGINNING
from cagnotte.channels.backoffice.pages import Shop, crumb, in_words, shop_page, show
from cagnotte.channels.backoffice.programme_text import coloured
from cagnotte.channels.backoffice.programme_words import in_sentences


@shop_page("programmeversion")
def listing(request: HttpRequest, shop: Shop) -> HttpResponse:
    """The version in force, with the list of all of them."""
    return _version(request, shop, shop.published.current.code, shop.published.current.version)


@shop_page("programmeversion")
def page(request: HttpRequest, shop: Shop, code: str, version: int) -> HttpResponse:
    return _version(request, shop, code, version)


def _version(request: HttpRequest, shop: Shop, code: str, number: int) -> HttpResponse:
    versions = shop.published.versions
    chosen = next((each for each in versions if (each.code, each.version) == (code, number)), None)
    if chosen is None:
        raise Http404
    return show(
        request,
        "backoffice/programme.html",
        title=_("Programme and rules"),
        crumbs=[crumb("index", _("Dashboard"))],
        name=in_words(chosen.programme.name, chosen.code),
        chosen=chosen,
        beginning=FROM_THE_BEGINNING,
        versions=versions[::-1],
        sections=in_sentences(chosen.programme),
        document=coloured(chosen.document),
        current=shop.published.current,
    )
