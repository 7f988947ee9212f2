"""Recorded traffic of the live OpenAI service, played again behind the running server."""
