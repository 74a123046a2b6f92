"""The software that German volunteering runs on: instances publish, federate, index and find offers."""
