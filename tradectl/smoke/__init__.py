"""One trader's first day, through the one door: does the whole path work?"""
