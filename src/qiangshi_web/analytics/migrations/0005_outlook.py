from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('analytics', '0004_not_met'),
    ]

    operations = [
        migrations.AddField(
            model_name='measuredresult',
            name='slope',
            field=models.FloatField(null=True, verbose_name='每年变化'),
        ),
        migrations.AddField(
            model_name='measuredresult',
            name='earliest',
            field=models.DateField(null=True, verbose_name='最早达到日期'),
        ),
        migrations.AddField(
            model_name='measuredresult',
            name='latest',
            field=models.DateField(null=True, verbose_name='最晚达到日期'),
        ),
    ]
