/** Whether subscriptions of a broker have one consumer at a time: Exclusive and Failover of Pulsar. */
export function hasOneConsumer(profile: unknown, subscription: unknown): boolean {
  return profile === 'pulsar' && (subscription === 'exclusive' || subscription === 'failover');
}
