/*---
title = "Word list in shares"
kind = "distributed"
also = ["web_wordlist"]
technique = "T1595.003"
choice = "doors"
reads = "web"
why = "Many sources come at once, ask for a few missing pages each, hardly ever the same, and are served next to nothing: they share one list of names."
blind = ["sources that ask for one page each", "sources that appear over days, a few in an hour", "a log shorter than twice the scan", "fewer than some twelve sources in an hour"]
sentence = "{sources} sources appeared at once and asked for {doors} different pages that are not there, a few each, with fewer repeats than chance has"

[knob]
share = { value = 0.6, why = "of a member's missing pages that are of one site" }
common = { value = 5, why = "members whose user agent is that of one robot, which are then looked at by themselves: a crawler of many addresses is no part of others' lists" }

[[case]]
name = "thirty sources that share a list of names"
events = [
  { src_ip = "101.1..6.9.7", url = ["/old-news", "/jobs"], every = "100m" },
  { src_ip = "100.1..30.9.7", url = "/{n}", n = ["far", "kus", "get", "pad", "des", "wok", "ged", "car", "gir", "sal", "kun", "von", "rik", "dum", "mid", "gat", "pir", "cib", "tin", "tub", "din", "dun", "sor", "dob", "bit", "vit", "kos", "tad", "lur", "pik", "vid", "wum", "wad", "bas", "dub", "fed", "gom", "cas", "bir", "dir", "wom", "ton", "det", "var", "wen", "lum", "kur", "wul", "lil", "wot", "gis", "nim", "nob", "let", "gus", "vum", "pum", "ted", "pot", "tab", "set", "pub", "ner", "bis", "cis", "ron", "dut", "pod", "pon", "kas", "kir", "fem", "dod", "mot", "ked", "reb", "vul", "cun", "cut", "dar", "kek", "but", "cor", "kal", "tos", "dil", "god", "mus", "gut", "lir", "fok", "lis", "kam", "per", "for", "gub", "put", "fon", "bid", "gem", "sat", "nun", "lik", "lub", "gim", "mil", "lal", "wan", "ces", "cen", "tem", "kil", "gib", "com", "vot", "ber", "kut", "lam", "bam", "man", "keb", "lor", "bus", "cuk", "lud", "tuk", "sad", "sel", "sib", "dit", "fin", "fad", "fik", "dur", "til", "cik", "rub", "mer", "wus", "wem", "tit", "gol", "kor", "fum", "kar", "bot", "wub", "dan", "dab", "sit"], every = "5s", start = "9h", deal = true },
]
finds = ["100.1.9.7"]

[[case]]
name = "thirty readers of a newsletter with three broken links"
events = [
  { src_ip = "101.1..6.9.7", url = ["/old-news", "/jobs"], every = "100m" },
  { src_ip = "100.1..30.9.7", url = ["/offer", "/terms", "/map"], every = "5s", start = "9h" },
]
finds = []
---*/
SELECT hash(target, CASE WHEN agent IN (SELECT agent FROM roles WHERE robot) AND count(*) OVER (PARTITION BY target, agent) >= $common THEN agent END) AS grp, band, source, hour
FROM (
  SELECT target, band, source, hour
  FROM knocks JOIN callers USING (web, source)
  WHERE web AND callers.knocks > 1
  GROUP BY target, band, source, hour, callers.knocks
  HAVING count(*) >= $share * callers.knocks) JOIN visitors USING (source)
