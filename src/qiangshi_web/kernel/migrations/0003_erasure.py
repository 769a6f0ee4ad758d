from django.db import migrations, models

from qiangshi_web.kernel.records.migrating import ByVendor, append_only

ERASED = (
    'EXISTS (SELECT 1 FROM kernel_erasure AS gone WHERE gone.relation = OLD.relation '
    'AND gone.key = OLD.key AND gone.erased_at >= OLD.{known_at})'
)
# Of an event only its contents may go, both of them; of an old belief the whole row.
EVENT, BELIEF = ERASED.format(known_at='at'), ERASED.format(known_at='known_to')
KEPT = (
    'id', 'at', 'actor', 'actor_id', 'on_behalf_of', 'verb', 'relation', 'key', 'reason',
    'operation', 'operation_id', 'request_id',
)
SAME = ' AND '.join(f'NEW.{name} IS OLD.{name}' for name in KEPT)


def sqlite(table: str, verb: str, unless: str) -> list[str]:
    """The trigger of `append_only`, which gives way; empty: it does not."""
    name = f'{table}_no_{verb.lower()}'
    when = f'WHEN NOT ({unless}) ' if unless else ''
    return [
        f'DROP TRIGGER {name}',
        f'CREATE TRIGGER {name} BEFORE {verb} ON {table} {when}'
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    ]


def postgresql(table: str, gives_way: str) -> str:
    return (
        f'CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS '
        f"$$BEGIN {gives_way} RAISE EXCEPTION '{table} is append-only' "
        "USING ERRCODE = 'restrict_violation'; END$$"
    )


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0002_chain'),
    ]

    operations = [
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('relation', models.CharField(max_length=60, verbose_name='台账')),
                ('key', models.CharField(max_length=300, verbose_name='记录编号')),
                ('erased_at', models.DateTimeField(verbose_name='删除时间')),
            ],
            options={
                'verbose_name': '依法删除',
                'verbose_name_plural': '依法删除',
                'db_table': 'kernel_erasure',
                'ordering': ('pk',),
                'indexes': [models.Index(fields=['relation', 'key'], name='kernel_eras_relatio_56ab56_idx')],
            },
        ),
        append_only('kernel_erasure'),
        ByVendor(
            {
                'sqlite': [
                    *sqlite('kernel_event', 'UPDATE', f'{SAME} AND NEW.before IS NULL AND NEW.after IS NULL AND {EVENT}'),
                    *sqlite('kernel_superseded', 'DELETE', BELIEF),
                ],
                'postgresql': [
                    postgresql(
                        'kernel_event',
                        "IF TG_OP = 'UPDATE' THEN IF NEW.before IS NULL AND NEW.after IS NULL AND "
                        "to_jsonb(NEW) - 'before' - 'after' = to_jsonb(OLD) - 'before' - 'after' AND "
                        f'{EVENT} THEN RETURN NEW; END IF; END IF;',
                    ),
                    postgresql(
                        'kernel_superseded', f"IF TG_OP = 'DELETE' THEN IF {BELIEF} THEN RETURN OLD; END IF; END IF;"
                    ),
                ],
            },
            {
                'sqlite': [*sqlite('kernel_event', 'UPDATE', ''), *sqlite('kernel_superseded', 'DELETE', '')],
                'postgresql': [postgresql('kernel_event', ''), postgresql('kernel_superseded', '')],
            },
        ),
    ]
