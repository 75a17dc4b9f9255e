"""Where questions come in and replies go out: one module a platform, no decisions."""
