"""The staff's desk at /staff/: search to the page, saved searches, baskets, exports, and what nobody found."""
