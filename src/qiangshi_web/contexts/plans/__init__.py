"""How plans are carried out: tasks, letters, supervision, benchmarks, rectification.

Carries tasks and supervision (济源 4.2.f, 广东市 5.b, 6.b, 20.b). What a plan says stands in
`policy/`; here stands what came of it.
"""
