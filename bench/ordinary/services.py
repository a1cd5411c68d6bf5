"""Services that our people use or offer: mail, telephony, files, remote access, chat, games, peers."""

from __future__ import annotations

from bench.ordinary.actors import Case, benign

QUEUE = (0, 300, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 43_200)
"""Seconds at which a mail server tries a message again."""

GUESSED_MAIL = (993, 143, 995, 110, 587, 465, 25)
PROXY_PORTS = (1080, 3128, 8080, 80, 23, 6588, 8000, 1081, 4145, 9050, 8123, 81)
SERVER_BROWSER = range(27_015, 27_031)
KNOCKS = ((7000, 8000, 9000), (2222, 3333, 4444, 5555), (1145, 30_201, 911))
ESP = 50
SIX_IN_FOUR = 41


@benign("mail-retries")
def mail_retries(case: Case) -> None:
    """Deliver mail from a few servers, again and again where the second MX no longer answers."""
    (old,) = case.dark(1)
    for server in case.machines(10, "linux"):
        start = case.moment()
        for pause in QUEUE:
            server.connect(start + pause * case.rng.uniform(0.95, 1.05), case.net.one("mail"), 25)
            if case.rng.random() < 0.5:
                server.connect(start + pause + 30, old, 25)


@benign("sender-verification")
def sender_verification(case: Case) -> None:
    """Call back our mail server because spam forged our name: hundreds of servers, most only once."""
    for server in case.machines(150, "linux"):
        for at in case.times(case.rng.choice((1, 1, 1, 2, 3)), 0.4, 0.6):
            server.connect(at, case.net.one("mail"), 25)


@benign("mail-autoconfig")
def mail_autoconfig(case: Case) -> None:
    """Guess the ports of our mail server while people set up their mail program, then use the one that worked."""
    for user in case.machines(6):
        (at,) = case.working(1)
        for n, port in enumerate(GUESSED_MAIL):
            user.connect(at + 0.05 * n, case.net.one("mail"), port, patience=2)
        for later in case.times(20, 0.3, 1.0):
            user.connect(later, case.net.one("mail"), 993)


@benign("sip-registrars")
def sip_registrars(case: Case) -> None:
    """Register telephones at our exchange; some still ask the old one."""
    (old,) = case.dark(1)
    for phone in case.machines(5, "small"):
        host, sport = (old if case.rng.random() < 0.4 else case.net.one("voice")), phone.client_port()
        for at in case.steady(1_800):
            phone.datagram(at, host, 5060, sport, length=560)


@benign("rtp-stragglers")
def rtp_stragglers(case: Case) -> None:
    """Send the last voice packets after a call is over, to the ports of that call: other ones each time, on one host."""
    gateway, host = case.machine("linux"), case.net.one("nat")
    for at in case.working(60):
        port = case.rng.randrange(10_000, 20_000, 2)
        for n in range(case.rng.randint(1, 6)):
            gateway.datagram(at + 0.02 * n, host, port, 16_384 + port % 977 * 2, length=200)
        gateway.datagram(at + 4, host, port + 1, 16_385 + port % 977 * 2, length=96)


@benign("ftp-passive")
def ftp_passive(case: Case) -> None:
    """Fetch files in passive mode: a new high port for each; a second server announces ports nobody opened."""
    files, (mute,) = case.net.one("files"), case.dark(1)
    for client in case.machines(3):
        for at in case.working(8):
            client.connect(at, files, 21)
            for n in range(case.rng.randint(2, 9)):
                client.connect(at + 2 + 3 * n, files, case.rng.randrange(50_000, 50_101))
    broken = case.machine("windows")
    for at in case.working(7):
        broken.connect(at, mute, 21)
        broken.connect(at + 20, files, case.rng.randrange(50_200, 60_000))


@benign("vpn-reconnect")
def vpn_reconnect(case: Case) -> None:
    """Come back to the VPN after each change of network: UDP, then TCP 443, from many addresses over the days."""
    vpn = case.net.one("vpn")
    for _ in range(5):
        for at in case.working(6):
            road = case.machine("windows")
            for n, port in enumerate((500, 4500, 1194)[: case.rng.randint(1, 3)]):
                road.datagram(at + 6 * n, vpn, port)
            if case.rng.random() < 0.3:
                road.connect(at + 30, vpn, 443)
                road.connect(at + 45, vpn, 1194)


@benign("ipsec-nat-traversal")
def ipsec_nat_traversal(case: Case) -> None:
    """Keep tunnels alive from branch offices; one sends bare ESP that nothing lets in."""
    vpn = case.net.one("vpn")
    for branch in case.machines(3, "small"):
        for at in case.steady(3_600):
            branch.datagram(at, vpn, 500, 500, length=320)
            branch.datagram(at + 1, vpn, 4500, 4500, length=130)
    bare = case.machine("small")
    for at in case.steady(1_200):
        bare.raw(at, vpn, ESP)


@benign("rdp-gateway")
def rdp_gateway(case: Case) -> None:
    """Use the gateway for remote desktops: TCP 443 and UDP 3391; some type the address into the client itself."""
    desk = case.net.one("desk")
    for user in case.machines(8, "windows"):
        for at in case.working(6):
            if case.rng.random() < 0.15:
                user.connect(at - 60, desk, 3389)
            user.connect(at, desk, 443)
            user.datagram(at + 2, desk, 3391)


@benign("chat-proxy-check")
def chat_proxy_check(case: Case) -> None:
    """Look for open proxies on the address from which our people join a chat network, once for each who joins."""
    for server in case.machines(3, "linux"):
        for at in case.working(4):
            for n, port in enumerate(PROXY_PORTS):
                server.connect(at + 0.01 * n, case.net.one("nat"), port, patience=1)


@benign("ident-lookups")
def ident_lookups(case: Case) -> None:
    """Ask port 113 of the address that just connected, as old mail and chat servers do."""
    for server in case.machines(12, "linux"):
        for at in case.working(4):
            server.connect(at, case.net.one("nat"), 113, patience=2)


@benign("torrent-peers")
def torrent_peers(case: Case) -> None:
    """Call a torrent client that left hours ago, on its port and on ports the translator had given it."""
    nat, old = case.net.one("nat"), [case.rng.randrange(1_024, 65_000) for _ in range(6)]
    for peer in case.machines(160):
        sport = peer.client_port()
        for at in case.times(case.rng.choice((1, 1, 2, 3, 6)), 0.3, 0.8):
            port = 51_413 if case.rng.random() < 0.7 else case.rng.choice(old)
            if case.rng.random() < 0.6:
                peer.datagram(at, nat, port, sport, length=case.rng.choice((48, 129, 132)))
            else:
                peer.connect(at, nat, port, patience=2)


@benign("torrent-diehards")
def torrent_diehards(case: Case) -> None:
    """Keep the port numbers of many past sessions of one peer and try them all for days."""
    ports = [case.rng.randrange(1_024, 65_000) for _ in range(14)]
    for peer in case.machines(4):
        sport = peer.client_port()
        for at in case.times(40, 0.1, 0.95):
            peer.datagram(at, case.net.one("nat"), case.rng.choice(ports[:9]), sport, length=132)


@benign("game-players")
def game_players(case: Case) -> None:
    """Play on our server, and refresh the list of servers, which asks sixteen ports in a row."""
    game = case.net.one("game")
    for player in case.machines(25, "windows"):
        sport = player.client_port()
        for at in case.times(3):
            player.datagram(at, game, 27_015, sport, length=53)
        if case.rng.random() < 0.3:
            at = case.moment()
            for n, port in enumerate(SERVER_BROWSER):
                player.datagram(at + 0.01 * n, game, port, sport, length=53)


@benign("console-peers")
def console_peers(case: Case) -> None:
    """Reach for a game console behind our translator at whatever port it had in the last match."""
    for peer in case.machines(30, "small"):
        at, port = case.moment(), case.rng.randrange(1_024, 65_000)
        for n in range(case.rng.randint(2, 8)):
            peer.datagram(at + 0.5 * n, case.net.one("nat"), port + case.rng.choice((0, 0, 0, 1, 2)), 3074, length=76)


@benign("port-knocking")
def port_knocking(case: Case) -> None:
    """Knock at three or four closed ports, then open SSH; every working day, from home and on the road."""
    bastion, sequence = case.net.one("bastion"), case.rng.choice(KNOCKS)
    for user in case.machines(3, "linux"):
        for at in case.working(5):
            for n, port in enumerate(sequence):
                user.connect(at + 0.3 * n, bastion, port, patience=0)
            user.connect(at + 1.5, bastion, 22)


@benign("time-clients")
def time_clients(case: Case) -> None:
    """Ask our server of the NTP pool for the time: very many clients, a few of them every minute."""
    for n, client in enumerate(case.machines(150)):
        for at in case.times(40 if n < 3 else case.rng.choice((1, 1, 2, 4))):
            client.datagram(at, case.net.one("time"), 123, length=76)


@benign("name-resolvers")
def name_resolvers(case: Case) -> None:
    """Resolve our names; a few answers are too long and are asked for again with TCP; the old name server is asked, too."""
    (old,) = case.dark(1)
    for resolver in case.machines(40, "linux"):
        for at in case.times(case.rng.randint(1, 14)):
            host = old if case.rng.random() < 0.2 else case.net.one("dns")
            resolver.datagram(at, host, 53, length=case.rng.randrange(60, 110))
            if case.rng.random() < 0.05:
                resolver.connect(at + 0.1, host, 53, patience=2)


@benign("six-in-four")
def six_in_four(case: Case) -> None:
    """Send tunnelled IPv6 and a lost routing tunnel (GRE) to hosts that have no tunnel any more."""
    hosts = case.dark(4)
    for relay in case.machines(3, "small"):
        for at in case.times(40):
            relay.raw(at, case.rng.choice(hosts), case.rng.choice((SIX_IN_FOUR, SIX_IN_FOUR, 47)))
