"""The HTTP door: `api/` (JSON), problem documents, the server and its orderly end."""
