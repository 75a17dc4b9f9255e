"""The tests: each states in one sentence the rule that it proves."""
