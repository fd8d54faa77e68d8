"""The annual report 政府信息公开工作年度报告: its tables, its sections, its figures."""
