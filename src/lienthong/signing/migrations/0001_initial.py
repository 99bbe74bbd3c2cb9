import django.contrib.postgres.constraints
import django.db.models.deletion
import lienthong.signing.models
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

from lienthong.foundation import partitions


RECORDS_ARE_ONLY_ADDED = """
CREATE FUNCTION signing_record_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'signing records are only added to: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON signing_signingrecord
    FOR EACH ROW EXECUTE FUNCTION signing_record_refuse();
"""
FORGET = "DROP TRIGGER append_only ON signing_signingrecord; DROP FUNCTION signing_record_refuse();"


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Authority",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.CharField(choices=[("root", "Root"), ("issuing", "Issuing")], max_length=10)),
                (
                    "serial",
                    models.CharField(
                        help_text="Serial number of the certificate, hexadecimal", max_length=40, unique=True
                    ),
                ),
                ("certificate", models.BinaryField(help_text="DER")),
                ("sealed_key", models.BinaryField()),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="signing.authority",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "Personal signature"), ("seal", "Organisation's seal")], max_length=10
                    ),
                ),
                ("subject", models.TextField(help_text="Distinguished name, RFC 4514")),
                ("account_id", models.BigIntegerField(null=True)),
                ("post_id", models.BigIntegerField(null=True)),
                ("organisation_identifier", models.CharField(max_length=35)),
                ("serial", models.CharField(help_text="Hexadecimal", max_length=40, unique=True)),
                ("certificate", models.BinaryField(help_text="DER")),
                ("sealed_key", models.BinaryField()),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by", models.BigIntegerField(help_text="Account of who revoked it", null=True)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("key_compromise", "The key may be known to others"),
                            ("affiliation_changed", "The person has left the post"),
                            ("superseded", "Replaced by another certificate"),
                            ("cessation_of_operation", "The organisation no longer exists"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="certificates", to="signing.authority"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RevocationList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField(help_text="DER")),
                ("issued_at", models.DateTimeField()),
                ("next_at", models.DateTimeField(help_text="When a newer one is there at the latest")),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revocation_lists",
                        to="signing.authority",
                    ),
                ),
            ],
        ),
        partitions.CreateModelByYear(
            name="SigningRecord",
            column="signed_at",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("signed_at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "Personal signature"), ("seal", "Organisation's seal")], max_length=10
                    ),
                ),
                ("account_id", models.BigIntegerField(null=True)),
                ("post_id", models.BigIntegerField(null=True)),
                ("organisation_identifier", models.CharField(max_length=35)),
                ("device", models.CharField(max_length=50)),
                ("serial", models.CharField(help_text="Serial number of the certificate, hexadecimal", max_length=40)),
                ("subject", models.TextField(help_text="Distinguished name of the certificate, RFC 4514")),
                ("reason", models.TextField(blank=True)),
                ("document_digest", models.BinaryField(help_text="Of the file before this signature")),
                ("signed_digest", models.BinaryField(help_text="Of the file with this signature")),
                ("signature_digest", models.BinaryField(help_text="Of the signature value: finds a signature again")),
                ("timestamped", models.BooleanField(help_text="A timestamp authority confirmed the moment")),
            ],
            options={
                "indexes": [models.Index(fields=["account_id", "signed_at"], name="signing_record_of_account")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("signature_digest", "signed_at"), name="signing_record_one_of_a_signature"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="authority",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("level", "="),
                    (lienthong.signing.models._ValidMoments(models.F("valid_from"), models.F("valid_to")), "&&"),
                ],
                name="signing_authority_one_of_a_level",
            ),
        ),
        migrations.AddConstraint(
            model_name="authority",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("level", "root"), ("parent", None)),
                    models.Q(("level", "issuing"), ("parent__isnull", False)),
                    _connector="OR",
                ),
                name="signing_authority_root_alone_has_no_parent",
            ),
        ),
        migrations.AddConstraint(
            model_name="authority",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_from__lt", models.F("valid_to"))), name="signing_authority_period"
            ),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(fields=["account_id", "post_id"], name="signing_certificate_of_holder"),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(
                condition=models.Q(("revoked_at__isnull", False)),
                fields=["authority"],
                name="signing_certificate_revoked",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("revoked_at", None)),
                expressions=[
                    ("subject", "="),
                    (lienthong.signing.models._ValidMoments(models.F("valid_from"), models.F("valid_to")), "&&"),
                ],
                name="signing_certificate_one_of_a_subject",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_from__lt", models.F("valid_to"))), name="signing_certificate_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("account_id__isnull", False), ("kind", "person"), ("post_id__isnull", False)),
                    models.Q(("account_id", None), ("kind", "seal"), ("post_id", None)),
                    _connector="OR",
                ),
                name="signing_certificate_holder",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), ("revoked_at", None)),
                    models.Q(("revoked_at__isnull", False), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="signing_certificate_revoked_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="revocationlist",
            constraint=models.UniqueConstraint(fields=("authority", "number"), name="signing_revocation_list_number"),
        ),
        migrations.RunSQL(RECORDS_ARE_ONLY_ADDED, FORGET),
    ]
