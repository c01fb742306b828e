"""The command line: cagnotte <noun> <verb>. Ends 0, 1 (refused) or 2 (misused)."""
