"""The web edge: REST, the stream, the wall's files. Everything else is handed to it."""
