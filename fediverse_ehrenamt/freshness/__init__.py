"""Offers stay true: organisations are asked by letter before one expires, and answer by a link without logging in."""
