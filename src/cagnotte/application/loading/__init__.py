"""Loading history: rows of sales are staged, checked as a whole, decided member by member and posted in sets."""
