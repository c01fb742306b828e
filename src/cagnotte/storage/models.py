"""The tables as Django sees them, for the screens' lists: columns only, read only, made by our own migrations."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class ProgrammeVersion(models.Model):
    programme = models.TextField()
    version = models.IntegerField()
    effective_from = models.DateTimeField()
    published_at = models.DateTimeField()
    document = models.TextField()
    sha256 = models.TextField()
    pk = models.CompositePrimaryKey("programme", "version")

    class Meta:
        managed = False
        db_table = "programme_version"
        default_permissions = ("view",)
        permissions = (
            ("programme.draft", _("Can save and discard drafts of the programme")),
            ("programme.review", _("Can ask for the review of a draft")),
            ("programme.approve", _("Can approve the drafts of others")),
            ("programme.publish", _("Can publish an approved draft")),
            ("programme.retire", _("Can withdraw a version and retire the programme")),
            ("points.adjust", _("Can give and take points by hand")),
            ("points.approve", _("Can approve points that others give or take by hand")),
            ("members.close", _("Can close members and open them again")),
            ("system.health", _("Can see the health of the system")),
            ("accounts.close", _("Can close a month of the accounts")),
            ("partners.read", _("Can see what partners pay for points")),
            ("accounts.read", _("Can see the liability and breakage of closed months")),
        )
        verbose_name = _("programme version")
        verbose_name_plural = _("programme versions")


class Store(models.Model):
    store_id = models.BigIntegerField(primary_key=True)
    external_id = models.TextField(unique=True)
    name = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "store"
        default_permissions = ("view",)
        verbose_name = _("store")
        verbose_name_plural = _("stores")


class Product(models.Model):
    product_id = models.BigIntegerField(primary_key=True)
    sku = models.TextField(unique=True)
    name = models.TextField()
    category = models.TextField()
    department = models.TextField()
    brand = models.TextField()
    supplier = models.TextField()
    tags = ArrayField(models.TextField())

    class Meta:
        managed = False
        db_table = "product"
        default_permissions = ("view",)
        verbose_name = _("product")
        verbose_name_plural = _("products")


class Member(models.Model):
    member_id = models.BigIntegerField(primary_key=True)
    external_id = models.TextField()
    enrolled_on = models.DateField()
    first_name = models.TextField()
    last_name = models.TextField()
    email = models.TextField()
    phone = models.TextField()
    home_store_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "member"
        default_permissions = ("view",)
        verbose_name = _("member")
        verbose_name_plural = _("members")


class MemberIdentifier(models.Model):
    kind = models.TextField()
    value = models.TextField()
    member_id = models.BigIntegerField()
    pk = models.CompositePrimaryKey("kind", "value")

    class Meta:
        managed = False
        db_table = "member_identifier"
        default_permissions = ()


class MemberStanding(models.Model):
    member_id = models.BigIntegerField(primary_key=True)
    as_of = models.DateField()
    tier = models.TextField(null=True)
    tier_since = models.DateField(null=True)
    next_due_on = models.DateField(null=True)

    class Meta:
        managed = False
        db_table = "member_standing"
        default_permissions = ()


class Sale(models.Model):
    """A guest's sale has a negative `member_id`. `happened_local`: wall clock of the member.

    `paid_minor` is in the programme's currency, `own_minor` in the sale's `currency` where that is another.
    """

    member_id = models.BigIntegerField()
    sale_id = models.BigIntegerField()
    external_id = models.TextField()
    store = models.ForeignKey(Store, models.DO_NOTHING, related_name="+")
    happened_at = models.DateTimeField()
    happened_local = models.DateTimeField()
    posted_at = models.DateTimeField()
    channel = models.TextField()
    paid_minor = models.BigIntegerField()
    line_count = models.IntegerField()
    points_earned = models.BigIntegerField()
    currency = models.TextField(null=True)
    own_minor = models.BigIntegerField(null=True)
    pk = models.CompositePrimaryKey("member_id", "sale_id")

    class Meta:
        managed = False
        db_table = "sale"
        default_permissions = ("view",)
        verbose_name = _("sale")
        verbose_name_plural = _("sales")


class Balance(models.Model):
    member_id = models.BigIntegerField()
    wallet = models.TextField()
    points = models.BigIntegerField()
    version = models.BigIntegerField()
    pk = models.CompositePrimaryKey("member_id", "wallet")

    class Meta:
        managed = False
        db_table = "ledger_balance"
        default_permissions = ()
