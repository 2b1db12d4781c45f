#!/bin/bash
# The broker's number is that of its pod.
set -euo pipefail
number=${HOSTNAME##*-}
{
  cat /etc/onething-kafka/server.properties
  echo "node.id=$number"
  echo "advertised.listeners=PLAINTEXT://${KAFKA_HOST:-$HOSTNAME.kafka}:9092"
} >/tmp/server.properties
/opt/kafka/bin/kafka-storage.sh format --ignore-formatted -t "$KAFKA_CLUSTER_ID" -c /tmp/server.properties
exec /opt/kafka/bin/kafka-server-start.sh /tmp/server.properties
