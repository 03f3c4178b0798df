/**
 * Brokers that hold the replicas of a partition, the preferred leader first, as Kafka deals them out in a cluster
 * without racks (AdminUtils.assignReplicasToBrokersRackUnaware). Kafka begins at a broker drawn at random; here every
 * topic begins at the first one, so that no other topic of a design moves its replicas.
 */
export function replicaBrokers(partition: number, replicas: number, brokers: number): number[] {
  const first = partition % brokers;
  const turn = Math.floor(partition / brokers);
  const followers = Array.from({ length: replicas - 1 }, (_, place) => {
    const shift = 1 + ((turn + place) % (brokers - 1));
    return (first + shift) % brokers;
  });
  return [first, ...followers];
}
