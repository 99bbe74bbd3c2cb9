"""The HTTP API: the modules' routers joined into one versioned OpenAPI document."""
