from collector.storage.migrations.steps import migrations


@migrations()
def m024_points_of_deleted_experiments(db):
    # a draft that was deleted left its key at the pain point it was made for: collector/points.py frees it from now on
    db.execute("""update pain_points set experiment = '', version = version + 1
                  where experiment <> '' and not exists (select 1 from experiments where experiments.site_id = pain_points.site_id
                                                             and experiments.key = pain_points.experiment)""")
