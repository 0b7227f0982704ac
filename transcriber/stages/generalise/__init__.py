"""Coarser instead of gone: what stands in place of ages, dates, places and other values."""
