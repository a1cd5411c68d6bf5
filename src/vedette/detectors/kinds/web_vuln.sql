/*---
title = "Web vulnerability probing: sensitive paths"
kind = "web_vuln"
technique = "T1595.002"
reads = "web"
why = "One source asks for configuration files, secrets, consoles and known holes of products that this site does not run."
blind = ["paths that knowledge/paths.toml does not know", "products that the site really runs", "fewer contacts than the walk asks for (see walk)"]
sentence = "asked for {count} sensitive paths that are not there within {window}"

[[rung]]
window = "1 min"
at_least = 5
why = "An editor who mistypes meets one or two; software asks for its own one product."

[[rung]]
window = "1 h"
at_least = 7
why = "Slow lists; a site that moved from one product to another leaves a few such links."

[[rung]]
window = "24 h"
at_least = 12
why = "An office behind one address collects a few."

[[case]]
name = "six secrets in six seconds"
events = [{ src_ip = "198.51.100.9", url = ["/.env", "/.git/config", "/wp-config.php.bak", "/phpinfo.php", "/server-status", "/id_rsa"], http_status = 404, every = "1s" }]
finds = ["198.51.100.9"]

[[case]]
name = "six secrets behind a password"
events = [{ src_ip = "198.51.100.9", url = ["/v1/.env", "/v1/.git/config", "/v1/wp-config.php.bak", "/v1/phpinfo.php", "/v1/server-status", "/v1/id_rsa"], http_status = 401, every = "1s" }]
finds = ["198.51.100.9"]

[[case]]
name = "twelve weaknesses on a site that leads everything to its login, of which others ask for one"
events = [
  { src_ip = "198.51.100.9", url = ["/.env", "/.git/config", "/wp-config.php.bak", "/phpinfo.php", "/server-status", "/id_rsa", "/docker-compose.yml", "/.aws/credentials", "/.htpasswd", "/actuator/env", "/.svn/entries", "/web.config"], http_status = 302, every = "2s" },
  { src_ip = "192.0.2.1", url = "/.env", http_status = 302 },
]
finds = ["198.51.100.9"]

[[case]]
name = "the dumps of eight days"
events = [{ src_ip = "198.51.100.9", url = "/backup-2026-03-{n}.sql.gz", n = "10..17", http_status = 404, every = "1s" }]
finds = ["198.51.100.9"]

[[case]]
name = "the versions of one package of a mirror that is gone"
events = [{ src_ip = "198.51.100.9", url = "/packages/source/d/database/database-1.{n}.tar.gz", n = "10..40", http_status = 404, every = "1s" }]
finds = []

[[case]]
name = "an editor at work on a site that runs the product"
events = [{ src_ip = "198.51.100.9", url = ["/wp-login.php", "/wp-admin/", "/wp-admin/post.php", "/wp-admin/edit.php", "/wp-admin/upload.php"], http_status = 200, every = "10s", times = 5 }]
finds = []

[[case]]
name = "a mail program looking for its server"
events = [{ src_ip = "198.51.100.9", url = ["/autodiscover/autodiscover.xml", "/EWS/Exchange.asmx", "/Microsoft-Server-ActiveSync", "/mapi/emsmdb/", "/OAB/oab.xml", "/owa/"], http_status = 404, every = "1s" }]
finds = []

[[case]]
name = "a browser that asks for icons"
events = [{ src_ip = "198.51.100.9", url = ["/favicon.ico", "/apple-touch-icon.png", "/apple-touch-icon-precomposed.png", "/robots.txt", "/browserconfig.xml", "/site.webmanifest", "/ads.txt"], http_status = 404, every = "1s" }]
finds = []
---*/
SELECT source, 0 AS grp, contact AS thing, contact
FROM unexplained_pages
WHERE sensitive AND (served = 0 OR alike)
