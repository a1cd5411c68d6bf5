/*---
title = "Web words on a site that answers everything"
kind = "web_wordlist"
technique = "T1595.003"
reads = "web"
why = "One source asks for many names that nobody else asks for, and gets the very same answer to each: it is guessing names on a site that says 'not found' with a 200, or leads whatever one asks for to its login."
blind = ["answers whose size varies, because they repeat the name", "logs without the size of the answer", "slower than the longest rung"]
sentence = "asked for {count} names within {window} that nobody else asked for, all with the same answer"

[[rung]]
window = "1 min"
at_least = 20
why = "Pages of a site differ in size; a reader of one does not meet twenty alike in a minute."

[[rung]]
window = "1 h"
at_least = 60
why = "Room for polite delays; items of a shop's feed may be alike by chance, a few in an hour."

[[case]]
name = "forty words in forty seconds, each answered with the same page"
events = [
  { src_ip = "198.51.100.9", url = "/app/{n}", n = ["admin", "backup", "beta", "cgi", "config", "console", "data", "db", "debug", "dev", "docs", "download", "dump", "editor", "error", "export", "files", "forum", "home", "images", "import", "include", "index", "info", "install", "intranet", "java", "lib", "login", "logs", "mail", "manager", "media", "members", "misc", "modules", "new", "news", "old", "panel"], http_status = 200, bytes = 1523, every = "1s" },
  { src_ip = "192.0.2.1", url = ["/", "/app/", "/about"], http_status = 200, bytes = 7411, every = "1m" },
]
finds = ["198.51.100.9"]

[[case]]
name = "forty words in forty seconds, each led to the login"
events = [
  { src_ip = "198.51.100.9", url = "/{n}", n = ["admin", "backup", "beta", "cgi", "config", "console", "data", "db", "debug", "dev", "docs", "download", "dump", "editor", "error", "export", "files", "forum", "home", "images", "import", "include", "index", "info", "install", "intranet", "java", "lib", "login", "logs", "mail", "manager", "media", "members", "misc", "modules", "new", "news", "old", "panel"], http_status = 302, every = "1s" },
  { src_ip = "192.0.2.1", url = ["/", "/start", "/about"], http_status = 200, every = "1m" },
]
finds = ["198.51.100.9"]

[[case]]
name = "a reader who follows a site to its new addresses"
events = [
  { src_ip = "198.51.100.9", url = "/{n}", n = ["admin", "backup", "beta", "cgi", "config", "console", "data", "db", "debug", "dev", "docs", "download", "dump", "editor", "error", "export", "files", "forum", "home", "images", "import", "include", "index", "info"], http_status = 301, every = "1s" },
  { src_ip = "198.51.100.9", url = "/new/{n}", n = ["admin", "backup", "beta", "cgi", "config", "console", "data", "db", "debug", "dev", "docs", "download", "dump", "editor", "error", "export", "files", "forum", "home", "images", "import", "include", "index", "info"], http_status = 200, every = "1s" },
]
finds = []

[[case]]
name = "a crawler that fetches forty pages of a site"
events = [{ src_ip = "198.51.100.9", url = "/app/{n}", n = ["admin", "backup", "beta", "cgi", "config", "console", "data", "db", "debug", "dev", "docs", "download", "dump", "editor", "error", "export", "files", "forum", "home", "images", "import", "include", "index", "info", "install", "intranet", "java", "lib", "login", "logs", "mail", "manager", "media", "members", "misc", "modules", "new", "news", "old", "panel"], http_status = 200, bytes = [1523, 2204, 871, 5120], every = "1s" }]
finds = []

[[case]]
name = "two readers of the same forty pages of one size"
events = [{ src_ip = ["198.51.100.9", "192.0.2.1"], url = "/app/{n}", n = ["admin", "backup", "beta", "cgi", "config", "console", "data", "db", "debug", "dev", "docs", "download", "dump", "editor", "error", "export", "files", "forum", "home", "images", "import", "include", "index", "info", "install", "intranet", "java", "lib", "login", "logs", "mail", "manager", "media", "members", "misc", "modules", "new", "news", "old", "panel"], http_status = 200, bytes = 1523, every = "1s" }]
finds = []
---*/
SELECT source, (hash(site, size) >> 1)::BIGINT AS grp,
  CASE WHEN size IS NULL AND directory <> '/' THEN (family_key >> 1)::BIGINT ELSE contact END AS thing, contact
FROM unexplained_pages
WHERE alike
