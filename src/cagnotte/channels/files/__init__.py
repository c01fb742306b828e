"""Files of sales and products, in the formats that retailers have."""
