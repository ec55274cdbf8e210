"""Tests of customers' own pages."""
