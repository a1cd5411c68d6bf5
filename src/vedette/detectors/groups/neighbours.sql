/*---
title = "Web weaknesses looked for by neighbours"
kind = "distributed"
also = ["web_vuln"]
technique = "T1595.002"
choice = "doors"
least = 3
reads = "web"
why = "Several addresses of one /24, or /64s of one IPv6 /48, ask one site for pages that scanners look for, a few each, and hardly ever for the same: they share one list."
blind = ["addresses of unrelated networks", "neighbours that ask for one page each", "pages that knowledge/paths.toml does not know"]
sentence = "{sources} addresses of one network asked for {doors} different pages that are not there, a few each, most of them ones that scanners look for"

[knob]
sensitive = { value = 0.5, why = "of a member's missing pages that scanners look for: neighbours who read a site that moved miss others" }

[[case]]
name = "four neighbours that share sixteen weaknesses"
events = [{ src_ip = "198.51.100.1..4", url = ["/.env", "/.git/config", "/wp-config.php.bak", "/phpinfo.php", "/server-status", "/id_rsa", "/docker-compose.yml", "/.aws/credentials", "/.htpasswd", "/actuator/env", "/.svn/entries", "/web.config", "/adminer.php", "/phpmyadmin/", "/solr/", "/jenkins/"], every = "20m", deal = true }]
finds = ["198.51.100.1"]

[[case]]
name = "four neighbours that look for the same administration"
events = [{ src_ip = "198.51.100.1..4", url = ["/phpmyadmin/", "/wp-login.php", "/admin/", "/webmail/"], every = "20m" }]
finds = []
---*/
SELECT hash(network, target) AS grp, 0 AS band, source, NULL::BIGINT AS hour
FROM callers JOIN knocks USING (web, source)
WHERE web AND callers.knocks > 1
GROUP BY network, target, source
HAVING avg(make) >= $sensitive
