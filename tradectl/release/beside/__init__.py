"""Does the release before run beside this one, on one database and the same queues?"""
