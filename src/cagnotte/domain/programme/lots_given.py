"""The lots that points become: each with an end that can be kept, and no more of them than one event can make."""

from collections import Counter
from collections.abc import Iterator, Sequence

from cagnotte.domain.earning.terms import Achievement, EarnRule
from cagnotte.domain.kernel import TRANSFERS_PER_EVENT
from cagnotte.domain.points.terms import Expiry, ExpiryStart, Pending, Wallet
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.programme.reading import Table
from cagnotte.domain.programme.vocabulary import PURCHASE

_PER_LOT = 2  # the lot itself, and what of it pays a debt
_TIER, _DAYS = "tier", ("birthday", "anniversary")  # both may fall on one day

type _Rules = Sequence[tuple[EarnRule, Table]]
type _Achievements = Sequence[tuple[Achievement, Table]]
type _Terms = tuple[str, Pending | None, Expiry]


def check_lots(rules: _Rules, achievements: _Achievements, programme: Programme) -> None:
    wallets = {wallet.code: wallet for wallet in programme.wallets}
    _check_ends(rules, wallets)
    _check_numbers(rules, achievements, programme, wallets)


def _check_ends(rules: _Rules, wallets: dict[str, Wallet]) -> None:
    """Points that await an event get their end from the wallet's terms when it comes: no other counts from it."""
    for rule, table in rules:
        wallet = wallets.get(rule.wallet)
        if wallet is None:
            continue
        _, pending, expiry = _terms(rule, wallet)
        counts_from = {expiry.counts_from, wallet.expiry.counts_from}
        if pending is not None and pending.event and expiry != wallet.expiry and ExpiryStart.USABLE in counts_from:
            table.fault(Code.END_NOT_KEPT, "expiry", code=rule.code)


def _terms(rule: EarnRule, wallet: Wallet) -> _Terms:
    return rule.wallet, rule.pending or wallet.pending, rule.expiry or wallet.expiry


def _check_numbers(
    rules: _Rules, achievements: _Achievements, programme: Programme, wallets: dict[str, Wallet]
) -> None:
    """Points of one wallet with the same terms are one lot; each achievement is one of its own."""
    used = _before_lots(programme)
    seen: dict[str, set[_Terms]] = {}
    for on, table, terms in _givers(rules, achievements, wallets):
        if terms is not None and terms in seen.setdefault(on, set()):
            continue
        if terms is not None:
            seen[on].add(terms)
        times = len(programme.tiers) if on == _TIER else 1  # each of them may be reached by one event
        for event in _events(on, used):
            used[event] += _PER_LOT * times
        if max(used[event] for event in _events(on, used)) > TRANSFERS_PER_EVENT:
            table.fault(Code.TOO_MANY_LOTS, "code", most=str(TRANSFERS_PER_EVENT // _PER_LOT))
            return  # the others would only say the same


def _givers(
    rules: _Rules, achievements: _Achievements, wallets: dict[str, Wallet]
) -> Iterator[tuple[str, Table, _Terms | None]]:
    """Occasion, table and terms of everything that gives points; an achievement's are None: it shares no lot."""
    for rule, table in rules:
        if rule.wallet in wallets:
            yield rule.on, table, _terms(rule, wallets[rule.wallet])
    for achievement, table in achievements:
        if achievement.points:
            yield achievement.on, table, None


def _before_lots(programme: Programme) -> Counter[str]:
    """The transfers that each occasion may need beside its lots: payments, a referral, vouchers, what expires."""
    automatic = sum(each.automatic for each in programme.conversions)
    occasions = {PURCHASE, _TIER, *_DAYS, *(rule.on for rule in programme.earn)}
    occasions |= {achievement.on for achievement in programme.achievements}
    found = Counter(dict.fromkeys(occasions, automatic))
    found[PURCHASE] += sum(wallet.value is not None for wallet in programme.wallets)
    found[PURCHASE] += _PER_LOT * len(programme.wallets)  # points of offers; of a return, what is taken and owed
    found[PURCHASE] += _PER_LOT * (programme.referral is not None)
    for on, pairs in _paid_by_partners(programme).items():
        found[on] += pairs
    for day in _DAYS:
        found[day] += len(programme.wallets) + 2 * automatic
    return found


def _paid_by_partners(programme: Programme) -> dict[str, int]:
    """By occasion, the transfers by which partners pay: one for each of them and wallet. Offers may add any."""
    pairs: dict[str, set[tuple[str, str]]] = {}
    for rule in programme.earn:
        if rule.funded_by:
            pairs.setdefault(rule.on, set()).add((rule.funded_by, rule.wallet))
    for offer in programme.offers:
        if offer.funded_by:
            every = {(offer.funded_by, wallet.code) for wallet in programme.wallets}
            pairs.setdefault(PURCHASE, set()).update(every)
    return {on: len(found) for on, found in pairs.items()}


def _events(on: str, used: Counter[str]) -> Iterator[str]:
    """The occasions whose event may make the lots of this one too."""
    if on == _TIER:
        return iter(used)  # anything may lead to a tier
    return iter(_DAYS if on in _DAYS else (on,))
