/*---
title = "Word list in shares under one agent"
kind = "distributed"
also = ["web_wordlist"]
technique = "T1595.003"
choice = "doors"
least = 5
reads = "web"
why = "Several sources name one user agent that hardly anybody else names who is served, and ask one site for missing pages, hardly ever the same: one program shares a list among them."
blind = ["agents of browsers and of crawlers that are served", "fewer than five sources or twelve pages", "logs without the agent"]
sentence = "{sources} sources with one user agent, which is served next to nothing, asked for {doors} different pages that are not there, a few each, with fewer repeats than chance has"

[knob]
served = { value = 0.2, why = "of the sources with this agent that are served more than they miss: programs that people use are served" }

[[case]]
name = "ten sources that share thirty words under one agent"
events = [{ src_ip = "100.1..10.9.7", url = "/{n}", n = ["far", "kus", "get", "pad", "des", "wok", "ged", "car", "gir", "sal", "kun", "von", "rik", "dum", "mid", "gat", "pir", "cib", "tin", "tub", "din", "dun", "sor", "dob", "bit", "vit", "kos", "tad", "lur", "pik"], user_agent = "Mozilla/5.0 (compatible)", every = "5m", deal = true }]
finds = ["100.1.9.7"]

[[case]]
name = "an app on ten telephones whose three pages are gone"
events = [{ src_ip = "100.1..10.9.7", url = ["/v1/start", "/v1/news", "/v1/offers"], user_agent = "Shop/3.1 (iPhone)", every = "5m" }]
finds = []
---*/
SELECT hash(target, agent) AS grp, 0 AS band, source, NULL::BIGINT AS hour
FROM callers JOIN knocks USING (web, source) JOIN visitors USING (source)
WHERE web AND agent IN (
  SELECT agent FROM visitors WHERE agent IS NOT NULL
  GROUP BY agent HAVING avg((coalesce(served_urls, 0) >= refused_pages)::INTEGER) <= $served)
GROUP BY target, agent, source
