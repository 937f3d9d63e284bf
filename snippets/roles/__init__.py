"""Interview loops as small models: odds, hours, reliability. Serves docs/chapters/roles.md."""
