"""The admin of publications: the record itself, its files, and the pages that were read from them."""

from publications.admin import publications, files, pages  # noqa: F401, I001 (the order people see)
