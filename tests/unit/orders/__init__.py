"""Tests of services.orders."""
