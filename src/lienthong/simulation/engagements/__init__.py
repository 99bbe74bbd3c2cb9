"""The working calendar of simulated leaders: registered by units, arranged and published by the office."""
