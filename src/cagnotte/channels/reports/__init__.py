"""Reports as files: pages that open without a network, tables for a spreadsheet, JSON for programs."""
