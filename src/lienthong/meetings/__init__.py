"""The working calendar of agencies and their leaders: engagements, the week that is published, feeds."""
