"""The demonstration: a made-up region, measured, with accounts, on one's own machine."""
