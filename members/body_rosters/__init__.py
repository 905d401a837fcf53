"""Rosters of bodies (机构名册): a kind of sheet of the imports, and the export that comes back unchanged."""
