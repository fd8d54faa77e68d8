"""Complaints 举报: that a body did not disclose as it must, and what follows.

By 《政府信息公开条例》第四十七条、第五十一条 to 第五十三条, and by the rules of Guilin and Shaanxi
on accountability, which list the grounds, the procedure and the measures.
"""
