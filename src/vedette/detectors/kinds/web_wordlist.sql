/*---
title = "Web wordlist"
kind = "web_wordlist"
technique = "T1595.003"
reads = "web"
why = "One source asks for many different pages that are not there, faster than anybody meets dead links: it is guessing names."
blind = ["slower than the longest rung (see web_words)", "sites that answer 200 to everything", "words split over many sources"]
sentence = "asked for {count} different pages that are not there within {window}"

[[rung]]
window = "1 min"
at_least = 50
why = "A crawler with stale links asks every few seconds; a burst of fifty different missing names is a list."

[[rung]]
window = "5 min"
at_least = 240
why = "The same with a polite delay."

[[case]]
name = "sixty words below one directory in sixty seconds"
events = [{ src_ip = "198.51.100.9", url = "/app/{n}", n = ["alpha", "alta", "almma", "allta", "alsilon", "alro", "alnu", "alxi", "alpi", "altau", "bepha", "beta", "bemma", "belta", "besilon", "bero", "benu", "bexi", "bepi", "betau", "gapha", "gata", "gamma", "galta", "gasilon", "garo", "ganu", "gaxi", "gapi", "gatau", "depha", "deta", "demma", "delta", "desilon", "dero", "denu", "dexi", "depi", "detau", "eppha", "epta", "epmma", "eplta", "epsilon", "epro", "epnu", "epxi", "eppi", "eptau", "zepha", "zeta", "zemma", "zelta", "zesilon", "zero", "zenu", "zexi", "zepi", "zetau"], every = "1s" }]
finds = ["198.51.100.9"]

[[case]]
name = "a client with an expired token that walks over item numbers"
events = [{ src_ip = "198.51.100.9", url = "/api/items/{n}", n = "1..200", http_status = 401, every = "1s" }]
finds = []

[[case]]
name = "one missing page, polled a thousand times"
events = [{ src_ip = "198.51.100.9", url = "/status.json", http_status = 404, every = "1s", times = 1000 }]
finds = []
---*/
SELECT source, 0 AS grp, CASE WHEN refused = 0 THEN (family_key >> 1)::BIGINT ELSE contact END AS thing, contact
FROM unexplained_pages
WHERE served = 0
