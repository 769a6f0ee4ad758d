"""Staff members: who they are, where they work and worked, what they learned and hold.

Owns persons and their dated states, employment, education, certificates, posts held, homeroom
service, teaching assignments, growth plans, personal files and checks of data quality. Carries the
personal file and the database of continuing education (济源 5.3.h, 5.3.j). Never judges: appraisal
is evaluation's, ethics is ethics', what a plan demands is the plan's.
"""
