from django.db import migrations

from qiangshi_web.kernel.encryption.fields import SealedText
from qiangshi_web.kernel.encryption.migrating import seal


class Migration(migrations.Migration):

    dependencies = [
        ('ethics', '0001_initial'),
    ]

    operations = [
        *seal('integrity_entry', 'basis', SealedText(blank=True, max_length=200, null=True, verbose_name='认定依据'), app='ethics'),
    ]
