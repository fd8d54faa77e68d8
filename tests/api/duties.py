"""Rows of catalogues of what must be disclosed, as an agency would send them in."""

from tests.chain import AGENCY
from tests.tables import Row

ROW = {
    "publisher_name": AGENCY.name.zh,
    "region_code": "450321",
    "obligation_code": "",
    "field": "就业",
    "item_level": "1",
    "level1_item": "",
    "level2_item": "",
    "second_level_items": "0",
    "content": "培训对象",
    "legal_basis": "《就业促进法》第四十九条",
    "time_limit": "20个工作日内",
    "deadline_rule": "PRO",
    "frequency": "ad_hoc",
    "responsible_body": "县人社局",
    "channels": "政府网站",
    "audience": "public",
    "audience_note": "",
    "method": "proactive",
    "level": "县级",
    "collection": "",
    "effective_from": "2024-06-01",
    "effective_until": "",
    "note": "",
}


def duty(code: str, **cells: str) -> Row:
    """Return an obligation of the agency: as it happens, by the general rule, unless said else."""
    return {**ROW, "obligation_code": code, "level1_item": f"事项 {code}", **cells}
