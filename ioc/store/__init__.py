"""The edge to PostgreSQL and TimescaleDB."""
