"""From what a rule counts to points: rates, bands, rounding and multipliers, exact until they are rounded."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from cagnotte.domain.earning.terms import BASIS, Bands, Combine, Mode, Rate

type Exact = int | Fraction
"""Points before rounding; an int when there is nothing to round."""


def of_rate(rate: Rate, amount: int) -> Exact:
    """`amount` * points / per; an amount of 0 or less gives nothing."""
    return share(max(amount, 0) * rate.points, rate.per)


def of_bands(bands: Bands, amount: int) -> Exact:
    """Points of an amount under bands: each part at its own rate, or all of it at the rate it lies in."""
    if amount <= 0:
        return 0
    return _marginal(bands, amount) if bands.marginal else _whole(bands, amount)


def share(parts: int, of: int) -> Exact:
    whole, left = divmod(parts, of)
    return whole if left == 0 else Fraction(parts, of)


def rounded(exact: Exact, mode: Mode) -> int:
    """Whole points; `exact` is not negative."""
    if isinstance(exact, int):
        return exact
    whole, left = divmod(exact.numerator, exact.denominator)
    match mode:
        case Mode.DOWN:
            return whole
        case Mode.UP:
            return whole + (left > 0)
        case Mode.HALF_UP:
            return whole + (2 * left >= exact.denominator)
        case Mode.HALF_EVEN:
            return round(exact)


def extra_of(basis_points: Sequence[int], base: Exact, combine: Combine) -> list[Exact]:
    """What each multiplier adds to `base`: x2 and x3 of 10 add 10 + 20, or 10 + 40, or 0 + 20 (the best alone)."""
    match combine:
        case Combine.ADD:
            return [_times(base, each - BASIS) for each in basis_points]
        case Combine.BEST:
            best = max(range(len(basis_points)), key=lambda n: (basis_points[n], -n), default=0)
            return [_times(base, each - BASIS) if n == best else 0 for n, each in enumerate(basis_points)]
        case Combine.MULTIPLY:
            extra, grown = [], base
            for each in basis_points:
                extra.append(_times(grown, each - BASIS))
                grown = _times(grown, each)
            return extra


def spread_rounding(exact: Sequence[Exact], mode: Mode) -> list[int]:
    """Whole points whose sum is the rounded sum of all; the largest shares are made whole first."""
    whole = [rounded(each, Mode.DOWN) for each in exact]
    missing = rounded(_tidy(sum((Fraction(each) for each in exact), Fraction(0))), mode) - sum(whole)
    by_share = sorted(range(len(exact)), key=lambda n: (whole[n] - Fraction(exact[n]), n))
    for n in by_share[:missing]:
        whole[n] += 1
    return whole


def scaled(exact: Exact, parts: int, of: int) -> Exact:
    """`exact` * parts / of, exactly."""
    return share(exact * parts, of) if isinstance(exact, int) else _tidy(exact * Fraction(parts, of))


def total(left: Exact, right: Exact) -> Exact:
    if isinstance(left, int) and isinstance(right, int):
        return left + right
    return _tidy(Fraction(left) + right)


def by_weight(
    weights: Mapping[tuple[int, ...], int], exact: Exact, worth: Exact
) -> list[tuple[tuple[int, ...], Exact]]:
    """`worth` in parts, by what touches each; what is taken back in all weighs nothing.

    Each part is its share of `exact`. What `worth` differs from that, by rounding, is at the expense or to the
    good of what the fewest touch: points on double lines are those of the lines alone.
    """
    heavy = {touching: weight for touching, weight in weights.items() if weight > 0}
    whole, differs = sum(heavy.values()), total(worth, -exact)
    parts = []
    for touching in sorted(heavy, key=lambda each: (len(each), each)):
        part = scaled(exact, heavy[touching], whole)
        given = max(total(part, differs), 0)
        differs = total(differs, total(part, -given))
        parts.append((touching, given))
    return parts


def _times(base: Exact, basis_points: int) -> Exact:
    if isinstance(base, int):
        return share(base * basis_points, BASIS)
    return _tidy(base * Fraction(basis_points, BASIS))


def _marginal(bands: Bands, amount: int) -> Exact:
    total, done = Fraction(0), 0
    for band in bands.bands:
        end = amount if band.upto is None else min(amount, band.upto)
        if end > done:
            total += Fraction((end - done) * band.points, band.per)
            done = end
    return _tidy(total)


def _whole(bands: Bands, amount: int) -> Exact:
    for band in bands.bands:
        if band.upto is None or amount <= band.upto:
            return share(amount * band.points, band.per)
    return 0


def _tidy(exact: Fraction) -> Exact:
    return exact.numerator if exact.denominator == 1 else exact
