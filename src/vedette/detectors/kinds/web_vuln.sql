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
