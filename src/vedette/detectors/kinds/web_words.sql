/*---
title = "Web words"
kind = "web_wordlist"
technique = "T1595.003"
reads = "web"
why = "One source asks for names at the root, and for kinds of pages below it, that are not there: stale links share a few directories, guesses do not."
blind = ["words below one directory (see web_wordlist for fast ones)", "sites that answer 200 to everything", "words split over many sources"]
sentence = "asked for {count} names and kinds of pages that are not there within {window}"

[[rung]]
window = "1 min"
at_least = 6
why = "Readers do not meet six such dead links in a minute; what pages pull in and what software asks for unasked does not count."

[[rung]]
window = "5 min"
at_least = 9
why = "Room for polite delays."

[[rung]]
window = "1 h"
at_least = 10
why = "A page below the root counts once for its first directory and extension, so a moved section is one."

[[rung]]
window = "24 h"
at_least = 30
why = "Crawlers with stale links see a few moved sections a day."

[[case]]
name = "ten words in ten seconds"
events = [{ src_ip = "198.51.100.9", url = "/{n}", n = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"], every = "1s" }]
finds = ["198.51.100.9"]

[[case]]
name = "fifteen words, three minutes apart each"
events = [{ src_ip = "198.51.100.9", url = "/{n}", n = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi", "pi"], every = "3m" }]
finds = ["198.51.100.9"]

[[case]]
name = "a crawler that revisits a moved section"
events = [{ src_ip = "198.51.100.9", url = "/old/{n}.html", n = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu"], every = "20s" }]
finds = []

[[case]]
name = "an app whose service is gone"
events = [{ src_ip = "198.51.100.9", url = ["/api/v1/me", "/api/v1/feed", "/api/v1/messages", "/api/v1/settings", "/api/v1/devices/{n}"], n = "7..7", every = "1s" }]
finds = []

[[case]]
name = "a feed reader looking for the feed"
events = [{ src_ip = "198.51.100.9", url = ["/feed", "/feed/", "/rss", "/rss.xml", "/atom.xml", "/index.xml", "/feed.xml", "/feeds/", "/blog/feed", "/index.rdf"], every = "1s" }]
finds = []
---*/
SELECT source, 0 AS grp, CASE WHEN refused = 0 OR directory <> '/' THEN (family_key >> 1)::BIGINT ELSE contact END AS thing, contact
FROM unexplained_pages
WHERE served = 0
