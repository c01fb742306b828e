"""Template filters that write figures, money and dates in the reader's language."""

from django import template

from cagnotte.channels.backoffice import written

register = template.Library()
for filter_function in (
    written.money,
    written.round_money,
    written.whole,
    written.signed,
    written.share,
    written.ratio,
    written.day,
    written.short_day,
    written.month,
    written.short_month,
    written.instant,
):
    register.filter(filter_function.__name__, filter_function)
