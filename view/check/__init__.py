"""The page one lands on: what was I offered, what is the most I can get, who pays?"""
