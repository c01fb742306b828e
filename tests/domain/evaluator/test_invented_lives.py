"""What holds at every step of every life that we can invent, under every policy that we can invent."""

import os
from collections import Counter

import msgspec
from hypothesis import HealthCheck, Phase, assume, given, settings

from cagnotte.domain.earning.terms import CapUnit
from cagnotte.domain.evaluator import apply, decide
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import DebtMoved, DrawReason, LotOpened, LotsDrawn, LotsRefilled, RuleEarned
from cagnotte.domain.evaluator.events import Event, Sale
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.kernel import TRANSFERS_PER_EVENT
from cagnotte.domain.members.profile import Profile
from cagnotte.domain.points.lots import burn_order
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.programme.faults import ProgrammeError
from domain.evaluator.invented_lives import HISTORIES, PROFILES, Act, life_texts
from domain.evaluator.lives import a_programme
from domain.evaluator.played_lives import Played, Step, played

EXAMPLES = int(os.environ.get("CAGNOTTE_EXAMPLES", "60"))
PHASES = [Phase.generate] if os.environ.get("CAGNOTTE_QUICK") else list(Phase)
patiently = settings(
    max_examples=EXAMPLES,
    phases=PHASES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def sound(text: str) -> Programme:
    """The invented programme; one that its check refuses is not a case."""
    try:
        return a_programme(text, "")
    except ProgrammeError:
        assume(False)
        raise


@patiently
@given(life_texts(), PROFILES, HISTORIES)
def test_every_step_of_an_invented_life_holds(text: str, profile: Profile, acts: list[Act]) -> None:
    life = played(sound(text), profile, acts)

    for step in life.steps:
        _same_again(life.programme, step)
        _books_balance(step)
        _transfers_are_its_own(step.decision)
        _lots_stand(step)
        _nothing_is_below_zero(step.after)
        _tallies_keep_to_caps(life.programme, step.after)
    _lots_end_on_their_day(life)
    assert all(lot.expires_on is None or lot.expires_on > life.facts.as_of for lot in life.facts.lots)


def _same_again(programme: Programme, step: Step) -> None:
    encoded = msgspec.json.encode(step.decision)
    assert msgspec.json.decode(encoded, type=Decision) == step.decision
    assert msgspec.json.decode(msgspec.json.encode(step.after), type=Facts) == step.after
    if step.event is not None:
        assert msgspec.json.decode(msgspec.json.encode(step.event), type=Event) == step.event
        assert msgspec.json.encode(decide(programme, step.before, step.event)) == encoded
        assert apply(step.before, step.decision) == step.after


def _books_balance(step: Step) -> None:
    """By wallet: what is open is what was, and what was given or refilled, less what was drawn; debts likewise."""
    open_, owed, given_, earned = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for effect in step.decision.effects:
        match effect:
            case LotOpened(lot=lot):
                open_[lot.wallet] += lot.points_open
                given_[lot.wallet] += lot.points_open
            case LotsRefilled():
                open_[effect.wallet] += sum(draw.points for draw in effect.draws)
            case LotsDrawn():
                assert effect.draws, effect
                assert len({draw.lot_id for draw in effect.draws}) == len(effect.draws)
                open_[effect.wallet] -= sum(draw.points for draw in effect.draws)
                if effect.reason is DrawReason.DEBT:
                    owed[effect.wallet] -= sum(draw.points for draw in effect.draws)
            case DebtMoved():
                if effect.points > 0:
                    owed[effect.wallet] += effect.points
            case RuleEarned():
                earned[effect.wallet] += max(effect.points, 0)
            case _:
                pass
    for wallet in ("points", "stars"):
        assert _open(step.after, wallet) == _open(step.before, wallet) + open_[wallet]
        assert dict(step.after.debts).get(wallet, 0) == dict(step.before.debts).get(wallet, 0) + owed[wallet]
        if isinstance(step.event, Sale):
            assert earned[wallet] == given_[wallet]


def _open(facts: Facts, wallet: str) -> int:
    return sum(lot.points_open for lot in facts.lots if lot.wallet == wallet)


def _transfers_are_its_own(decision: Decision) -> None:
    ids: list[int] = []
    for effect in decision.effects:
        match effect:
            case LotOpened(lot=lot):
                ids.append(lot.lot_id)
            case LotsRefilled() | LotsDrawn():
                ids.append(effect.transfer_id)
            case DebtMoved(points=points) if points > 0:
                ids.append(effect.transfer_id)
            case _:
                pass
    assert len(set(ids)) == len(ids)
    assert all(0 <= each - decision.event_id < TRANSFERS_PER_EVENT for each in ids)


def _lots_stand(step: Step) -> None:
    assert list(step.after.lots) == sorted(step.after.lots, key=burn_order)
    assert all(lot.points_open > 0 for lot in step.after.lots)
    assert len({lot.lot_id for lot in step.after.lots}) == len(step.after.lots)
    known = {lot.lot_id: lot for lot in step.before.lots}
    for effect in step.decision.effects:
        if isinstance(effect, LotsDrawn) and effect.reason in (DrawReason.BURN, DrawReason.PAYMENT):
            for draw in effect.draws:
                lot = known[draw.lot_id]
                assert lot.expires_on is None or effect.on < lot.expires_on
                assert lot.usable_from is None or effect.on >= lot.usable_from
                assert not lot.awaits


def _nothing_is_below_zero(facts: Facts) -> None:
    assert facts.purchases >= 0
    assert all(total.visits >= 0 for total in facts.days)
    assert all(points > 0 for _, points in facts.debts)
    assert all(each.value > 0 for each in (*facts.tallies, *facts.shared))
    assert all(each.value >= 0 and each.times >= 0 for each in facts.progress)


def _tallies_keep_to_caps(programme: Programme, facts: Facts) -> None:
    most = {cap.code: cap.most for cap in programme.caps if cap.unit is not CapUnit.MONEY}
    for each in (*facts.tallies, *facts.shared):
        assert each.value <= most.get(each.cap, each.value)


def _lots_end_on_their_day(life: Played) -> None:
    """An expiry takes a lot on its own day or, in a wallet that knows inactivity, on that of another."""
    known = {lot.lot_id: lot for step in life.steps for lot in (*step.before.lots, *step.after.lots)}
    for step in life.steps:
        for effect in step.decision.effects:
            if isinstance(effect, LotsDrawn) and effect.reason is DrawReason.EXPIRY:
                for draw in effect.draws:
                    ends = known[draw.lot_id].expires_on
                    idle = life.programme.wallet(effect.wallet).expiry.idle
                    assert ends == effect.on or idle is not None, (ends, effect)
