"""The examples of the documents, as values: they cannot disagree with the structs."""

from datetime import date, datetime, timedelta, timezone

import msgspec

from cagnotte.application.acting import HoldView
from cagnotte.application.household_points import HouseholdPoints
from cagnotte.application.points_requests import EndView, RequestAnswer, RequestsPage
from cagnotte.application.return_answer import LineReturned, PointsReturned
from cagnotte.application.sale_answer import (
    EarnedByRule,
    MessageView,
    ProgrammeUsed,
    SaleAnswer,
    SaleStatus,
    Totals,
    VouchersGiven,
    WalletBalance,
)
from cagnotte.application.show_member import (
    BadgeView,
    BalanceView,
    ExpiryView,
    LotView,
    MembershipView,
    MemberView,
    ShareView,
    VoucherView,
)
from cagnotte.application.tier_outlook import FamilyOutlook, TierView
from cagnotte.channels.api.refusals import ToldConversionAnswer, ToldPointsAnswer, ToldReturnAnswer
from cagnotte.channels.api.wire import (
    AdjustmentRequest,
    ApprovalRequest,
    BurnRequest,
    ClosingRequest,
    ConfirmRequest,
    ConversionRequest,
    EvaluationRequest,
    ExchangeRequest,
    ExtensionRequest,
    HoldRequest,
    PurchaseRequest,
    ReinstatementRequest,
    ReleaseRequest,
    ReturnLine,
    ReturnRequest,
    SaleLine,
    SaleRequest,
    TransferRequest,
    VoidRequest,
    WithdrawalRequest,
)
from cagnotte.domain.kernel import Period, PeriodUnit
from cagnotte.domain.points.requests import Ending
from cagnotte.domain.tiers.outlook import Missing, Projected
from cagnotte.domain.tiers.terms import HeldBy

_AT = datetime(2026, 1, 15, 17, 30, tzinfo=timezone(timedelta(hours=1)))
_LINES = (
    SaleLine(sku="bread-500", quantity=2, paid_minor=1250, category="bakery", tags=("organic",)),
    SaleLine(sku="milk-1l", quantity=1, paid_minor=349),
)
_TO_GOLD = Missing("gold", "spend", 31_599, 50_000, 18_401, Period(12, PeriodUnit.MONTHS))
_HOLD = HoldView("438906118656", "points", 20, _AT + timedelta(minutes=30), "order-4711")
_BASIC = TierView("main", "basic", date(2025, 3, 2), HeldBy.REACHED, None)

SALE = SaleRequest(store="367", at=_AT, member="1", lines=_LINES)
EVALUATION = EvaluationRequest(store="367", at=_AT, member="1", lines=_LINES)
RECORDED = SaleAnswer(
    sale_id="ticket-2026-000123",
    status=SaleStatus.RECORDED,
    member="1",
    happened_at=_AT,
    paid_minor=1599,
    currency="EUR",
    totals=Totals(1599, 0, 0, 0, 1599, (0, 0)),
    offers=(),
    gifts=(),
    paid_with_points=(),
    points_earned=25,
    earned=(EarnedByRule("base", "points", 15), EarnedByRule("organic", "points", 10)),
    vouchers=(),
    balances=(WalletBalance("points", 140, 25),),
    tier_before="basic",
    tier="basic",
    tiers=(_BASIC,),
    next_tier=_TO_GOLD,
    achievements=(),
    messages=(MessageView("thanks", "receipt", {"fr": "Merci.", "en": "Thank you."}, "Merci."),),
    refusals=(),
    programme=ProgrammeUsed("maison", 3),
)
EVALUATED = msgspec.structs.replace(RECORDED, sale_id="", status=SaleStatus.EVALUATED)
RETURN = ReturnRequest(lines=(ReturnLine(line=2, quantity=1),), reason="too many", at=_AT + timedelta(days=2))
VOID = VoidRequest(reason="typed twice", at=_AT + timedelta(minutes=5))
RETURNED = ToldReturnAnswer(
    sale_id="ticket-2026-000123",
    return_id="438906118720",
    is_void=False,
    member="1",
    happened_at=_AT + timedelta(days=2),
    lines=(LineReturned(2, 1),),
    is_whole=False,
    refund_minor=349,
    currency="EUR",
    earned=(EarnedByRule("base", "points", -3),),
    points=(PointsReturned("points", 3, 0, 0, 0),),
    offers=(),
    gifts=(),
    balances=(WalletBalance("points", 140, 22),),
    tier="basic",
    refusals=(),
    programme=ProgrammeUsed("maison", 3),
    version=9,
)
VOIDED = msgspec.structs.replace(
    RETURNED,
    is_void=True,
    happened_at=_AT + timedelta(minutes=5),
    lines=(LineReturned(1, 2), LineReturned(2, 1)),
    is_whole=True,
    refund_minor=1599,
    earned=(EarnedByRule("base", "points", -15), EarnedByRule("organic", "points", -10)),
    points=(PointsReturned("points", 25, 0, 0, 0),),
    balances=(WalletBalance("points", 140, 0),),
)
CONVERSION = ConversionRequest(conversion="voucher-5", times=1)
CONVERTED = ToldConversionAnswer(
    member="1",
    conversion="voucher-5",
    vouchers=(VouchersGiven("voucher-5", 1, 500, date(2026, 4, 15)),),
    balances=(WalletBalance("points", 40),),
    refusals=(),
)
BURN = BurnRequest(points=20, reference="tote-bag")
HOLD = HoldRequest(points=20, minutes=30, reference="order-4711")
CONFIRM = ConfirmRequest(points=15)
RELEASE = ReleaseRequest()
TRANSFER = TransferRequest(to="2", points=20, reason="birthday")
EXCHANGE = ExchangeRequest(exchange="to-miles", times=1)
PURCHASE = PurchaseRequest(points=100)
ADJUSTMENT = AdjustmentRequest(points=25, reason="late delivery", made_by="anne.martin")
EXTENSION = ExtensionRequest(until=date(2027, 3, 1), reason="shop closed", made_by="anne.martin")
REINSTATEMENT = ReinstatementRequest(
    until=date(2027, 3, 1), reason="our mistake", made_by="anne.martin", points=20
)
HELD = ToldPointsAnswer(
    member="1",
    happened_at=_AT,
    wallet="points",
    points=20,
    hold="438906118656",
    amount_minor=0,
    balances=(WalletBalance("points", 20),),
    holds=(_HOLD,),
    version=42,
    refusals=(),
)
MOVED = msgspec.structs.replace(HELD, hold=None, holds=())
ENDED = msgspec.structs.replace(HELD, holds=(), points=15, balances=(WalletBalance("points", 25),))
WAITS = RequestAnswer(
    request="438906118720",
    member="1",
    kind="adjustment",
    wallet="points",
    points=500,
    reason="late delivery",
    asked_by="anne.martin",
    asked_at=_AT,
    open_until=_AT + timedelta(days=7),
    above="gesture",
    most=100,
)
WAITING = RequestsPage(requests=(WAITS,), next=None)
APPROVAL = ApprovalRequest(reason="the parcel was lost")
REFUSED_REQUEST = msgspec.structs.replace(
    WAITS, end=EndView(Ending.REFUSED, "paul.leroy", "the parcel has arrived", _AT + timedelta(hours=1))
)
WITHDRAWAL = WithdrawalRequest(made_by="anne.martin", reason="a mistake")
WITHDRAWN = msgspec.structs.replace(
    WAITS, end=EndView(Ending.WITHDRAWN, "anne.martin", "a mistake", _AT + timedelta(hours=1))
)
CLOSING = ClosingRequest(reason="asked to leave", made_by="anne.martin")
MEMBER = MemberView(
    member_id="438906118144",
    version=42,
    external_id="1",
    first_name="Carol",
    last_name="",
    email="",
    phone="",
    enrolled_on=date(2025, 3, 2),
    closed_on=None,
    language="fr",
    country="FR",
    timezone="Europe/Paris",
    on=date(2026, 1, 15),
    currency="EUR",
    tier="basic",
    tier_since=date(2025, 3, 2),
    next_tier=_TO_GOLD,
    tiers=(_BASIC,),
    outlook=(FamilyOutlook("main", _TO_GOLD, None, Projected("basic", date(2027, 1, 15))),),
    badges=(BadgeView("ten-breakfasts", 7, 0),),
    membership=MembershipView("club", date(2025, 3, 2), date(2026, 3, 2)),
    balances=(
        BalanceView(
            wallet="points",
            points=40,
            pending=25,
            owed=0,
            held=20,
            next_expiries=(ExpiryView(date(2026, 12, 1), 15), ExpiryView(date(2027, 1, 15), 25)),
        ),
    ),
    lots=(
        LotView("438906118208", "points", 15, date(2025, 12, 1), date(2026, 12, 1), None, ""),
        LotView("438906118272", "points", 25, date(2026, 1, 1), date(2027, 1, 15), None, ""),
        LotView("438906118400", "points", 25, date(2026, 1, 15), date(2027, 2, 1), date(2026, 1, 29), ""),
    ),
    holds=(_HOLD,),
    vouchers=(VoucherView("438906118336", "voucher-5", 500, "EUR", date(2026, 1, 15), date(2026, 4, 15)),),
    household="h-2041",
    household_points=(HouseholdPoints("points", 140),),
    share_of_wallet=ShareView(4_200, 3_800, 4_700, declared=False),
    sales=14,
    spent_minor=41_250,
    last_sale_on=date(2026, 1, 15),
)
