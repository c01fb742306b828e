"""cagnotte demo: a year of real sales through a real programme."""
