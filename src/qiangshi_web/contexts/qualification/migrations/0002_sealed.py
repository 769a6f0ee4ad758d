from django.db import migrations

from qiangshi_web.kernel.encryption.fields import SealedText
from qiangshi_web.kernel.encryption.migrating import seal


class Migration(migrations.Migration):

    dependencies = [
        ('qualification', '0001_initial'),
    ]

    operations = [
        *seal('qualification_certificate', 'number', SealedText(blank=True, max_length=200, null=True, verbose_name='证书号码'), app='qualification'),
    ]
