"""Dateline: a headless news delivery service. Publish once; readers, partners and developers get it everywhere."""
