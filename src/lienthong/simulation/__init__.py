"""A province run through virtual time on the real services: demonstration data, volumes, what-if."""
