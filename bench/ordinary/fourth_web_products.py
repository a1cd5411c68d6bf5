"""Programs that ask what runs on a site and how it was left: versions, plugins, components, repositories, files of settings."""

from __future__ import annotations

from itertools import product

from bench.ordinary.actors import Case, Machine
from bench.ordinary.fourth_web_answers import web_scan
from bench.ordinary.fourth_web_weaknesses import ask, mixed

CORE = ("/readme.html", "/license.txt", "/wp-includes/version.php", "/wp-includes/js/jquery/jquery.min.js?ver=3.7.1", "/wp-includes/js/wp-emoji-release.min.js?ver=6.7", "/wp-includes/css/dist/block-library/style.min.css?ver=6.7",
        "/wp-links-opml.php", "/feed/", "/wp-admin/install.php", "/wp-admin/upgrade.php", "/wp-login.php", "/wp-cron.php", "/wp-json/", "/wp-includes/js/tinymce/tinymce.min.js", "/wp-admin/css/login.min.css?ver=6.7", "/wp-content/debug.log")  # fmt: skip
COMPONENTS = ("akeebabackup", "jce", "fabrik", "k2", "virtuemart", "phocagallery", "jdownloads", "rsform", "acymailing", "hikashop", "kunena", "sppagebuilder", "gridbox", "easyblog", "docman", "chronoforms5", "jevents",
              "media", "users", "ajax", "foxcontact", "simplefileupload", "joomlaupdate", "creativecontactform", "weblinks", "gmapfp", "adsmanager", "b2jcontact", "myblog", "jsupport")  # fmt: skip
MODULES = ("views", "ctools", "token", "pathauto", "webform", "admin_toolbar", "metatag", "paragraphs", "entity", "rules", "restws", "coder", "services", "imce", "ckeditor", "captcha", "backup_migrate", "devel", "avatar_uploader",
           "jquery_update", "libraries", "link", "date", "features", "panels", "media", "google_analytics", "xmlsitemap", "redirect", "field_group")  # fmt: skip
PIECES = ("HEAD", "config", "index", "description", "COMMIT_EDITMSG", "logs/HEAD", "refs/heads/main", "refs/heads/master", "refs/remotes/origin/HEAD", "refs/stash", "packed-refs", "info/refs", "info/exclude", "objects/info/packs",
          "hooks/pre-commit.sample", "ORIG_HEAD", "FETCH_HEAD", "logs/refs/heads/main")  # fmt: skip
FOLDERS = ("", "/api", "/backend", "/laravel", "/shop", "/public", "/core")
SETTINGS = ("/.env", "/.env.local", "/.env.prod", "/.env.bak", "/.env.example", "/env", "/.env_copy", "/.env.save")


@web_scan("core-files-served", "T1595.002")
def core_files_served(case: Case) -> None:
    """Tell the version of a blog that really runs that system from its files, nearly all of which are served."""
    ask(case, [case.machine("linux")], CORE, 1.5, (200, 200, 200, 404), agent="WhatWeb/0.5.5", site="blog.example.org")


@web_scan("blog-tool", "T1595.002")
def blog_tool(case: Case) -> None:
    """List plugins, themes and copies of settings with the tool for that system, on a blog that has some of them."""
    names = [f"/wp-content/{kind}/{name}-{word}/{end}" for kind, end in (("plugins", "readme.txt"), ("themes", "style.css"))
             for name in ("easy", "wp", "ultimate", "simple", "smart") for word in ("forms", "gallery", "slider", "seo", "cache", "backup", "chat", "maps")]  # fmt: skip
    names += [
        f"/wp-config.php{end}" for end in ("~", ".bak", ".old", ".save", ".swp", ".txt", ".orig", "_backup", ".1")
    ]
    ask(
        case,
        [case.machine("linux")],
        names,
        0.15,
        (404, 404, 404, 404, 200, 403),
        even=True,
        agent="WPScan v3.8.27 (https://wpscan.com/wordpress-security-scanner)",
        site="blog.example.org",
    )


@web_scan("components-listed", "T1595.002")
def components_listed(case: Case) -> None:
    """List the components of a content system that the site does not use, each in two places, in a browser's name."""
    paths = [
        path
        for name in COMPONENTS
        for path in (f"/administrator/components/com_{name}/{name}.xml", f"/index.php?option=com_{name}")
    ]
    ask(case, [case.machine("linux")], paths, 2.5, (404, 404, 303))


@web_scan("modules-listed-slowly", "T1595.002")
def modules_listed_slowly(case: Case) -> None:
    """List the modules of a content system by the files beside them, one in forty minutes for as long as it takes."""
    paths = [
        f"/{base}modules/{name}/{case.rng.choice(('README.txt', 'CHANGELOG.txt', 'LICENSE.txt'))}"
        for base, name in product(("", "sites/all/"), MODULES)
    ]
    ask(case, [case.machine("windows")], case.rng.sample(paths, 60), 2_400)


@web_scan("repository-dumped", "T1595.002")
def repository_dumped(case: Case) -> None:
    """Find a repository in the web's root and fetch it piece by piece, most of it served: heads, logs, the index, objects by their hashes."""
    names = [f"{case.rng.getrandbits(160):040x}" for _ in range(40)]
    paths = [f"/.git/{name}" for name in (*PIECES, *(f"objects/{name[:2]}/{name[2:]}" for name in names))]
    ask(case, [case.machine("linux")], paths, 0.1, (200, 200, 404), even=True, agent="python-requests/2.32.3")


@web_scan("settings-of-all-names", "T1595.002")
def settings_of_all_names(case: Case) -> None:
    """Hunt for files of settings in many spellings and folders, two a second for some seconds, and the rest in the next night from a neighbour."""
    paths = mixed(case, FOLDERS, SETTINGS)
    for night, source in enumerate(case.net.neighbours(case.rng, 2)):
        begin = night * 86_400 + case.rng.uniform(2, 9_000)
        ask(case, [Machine(case, source, "linux")], paths[28 * night :][:28], 0.5, begin=begin)
