/*---
title = "Names of sites"
kind = "web_wordlist"
technique = "T1595.003"
reads = "web"
why = "One source asks for many sites that nobody else asks for, under names of this server, and all answer it alike: it is guessing virtual hosts."
blind = ["logs without the name of the site", "sites that answer each with a page of its own size", "slower than the longest rung"]
sentence = "asked for {count} sites within {window} that nobody else asked for, all with the same answer"

[[rung]]
window = "1 min"
at_least = 12
why = "A server has some aliases that hardly anybody uses; nobody tries a dozen in a minute."

[[rung]]
window = "1 h"
at_least = 30
why = "Room for polite delays; a checker of certificates goes through the aliases of a server once."

[[case]]
name = "thirty names of sites that lead to the main one"
events = [
  { src_ip = "198.51.100.9", url = "/", http_status = 301, http_host = ["dev.example.org", "test.example.org", "api.example.org", "beta.example.org", "git.example.org", "ci.example.org", "vpn.example.org", "old.example.org", "new.example.org", "stage.example.org", "db.example.org", "cms.example.org", "shop.example.org", "wiki.example.org"], every = "1s" },
  { src_ip = "192.0.2.1", url = ["/", "/news/", "/about"], http_host = "www.example.org", http_status = 200, every = "1m" },
]
finds = ["198.51.100.9"]

[[case]]
name = "a crawler of fourteen sites that nobody else reads"
events = [{ src_ip = "198.51.100.9", url = ["/", "/about", "/news", "/shop"], http_status = 200, bytes = [1523, 2204], http_host = ["dev.example.org", "test.example.org", "api.example.org", "beta.example.org", "git.example.org", "ci.example.org", "vpn.example.org", "old.example.org", "new.example.org", "stage.example.org", "db.example.org", "cms.example.org", "shop.example.org", "wiki.example.org"], every = "0.2s" }]
finds = []
---*/
SELECT source, 0 AS grp, (site >> 1)::BIGINT AS thing, contact
FROM page_evidence
WHERE lone_site
