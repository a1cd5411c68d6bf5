/*---
title = "programs that ask every site for the same"
reads = "web"
why = "Apps, readers, players and installers ask for what they know, under a name of their own, whatever the site is."
cost = "Only the paths that the program asks for (knowledge/programs.toml), under its name in every request."

[[case]]
events = [{ src_ip = "198.51.100.9", url = ["/xmlrpc.php?rsd", "/xmlrpc.php", "/wp-login.php", "/wp-json/", "/wp-admin/"], user_agent = "wp-android/25.6" }]
---*/
SELECT contact
FROM page_evidence JOIN program_paths USING (program)
WHERE regexp_matches(path, pattern) AND NOT attack AND tool_requests = 0
