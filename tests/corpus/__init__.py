"""Recorded traffic of the live services, played again behind the running server."""
