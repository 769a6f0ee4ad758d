from django.db import migrations

from qiangshi_web.kernel.encryption.fields import SealedText
from qiangshi_web.kernel.encryption.migrating import seal


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_archive_entries'),
    ]

    operations = [
        *seal('person', 'id_number', SealedText(blank=True, max_length=200, null=True, verbose_name='身份证件号'), app='people'),
        *seal('certificate', 'number', SealedText(blank=True, max_length=200, null=True, verbose_name='证书编号'), app='people'),
    ]
