/*---
title = "late replies"
why = "A server answers a connection that the firewall has forgotten: one service port of theirs, many ephemeral ports of ours."
cost = "Only high ports without a known service can be tried unseen, from one constant service port. A scan of services with source port 53 or 443 is named."

[knob]
service_share = { value = 0.3, why = "the ephemeral range holds a few ports that are also services" }
dense = { value = 0.5, why = "of the ports between the lowest and the highest, tried by many answers: nobody asks from one port after the other" }
many = { value = 32, why = "answers of fewer may lie close together by chance" }

[[case]]
events = [{ src_ip = "198.51.100.9", src_port = 53, dst_ip = "203.0.113.1..3", dst_port = ["50101", "40404"], proto = "udp" }]
---*/
SELECT contact
FROM evidence
SEMI JOIN (
  SELECT source, class, low_src_port
  FROM evidence
  WHERE class IN ('syn', 'ack', 'udp') AND low_src_port = high_src_port
    AND (low_src_port < 1024 OR low_src_port IN (FROM service_ports)) AND low_src_port <> 20
  GROUP BY ALL
  HAVING avg((port < 1024 OR port IN (FROM service_ports))::INTEGER) < $service_share
    AND (count(DISTINCT port) < $many OR count(DISTINCT port) < $dense * (max(port) - min(port) + 1))
) USING (source, class, low_src_port)
WHERE low_src_port = high_src_port AND port >= 1024
