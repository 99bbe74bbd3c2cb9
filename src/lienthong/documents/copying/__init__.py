"""Official copies (bản sao): SAO Y, SAO LỤC and TRÍCH SAO of documents that an agency got or issued
(NĐ 30/2020 art. 25-27)."""
