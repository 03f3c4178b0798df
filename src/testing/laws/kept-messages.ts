/** A message as a broker keeps it for one subscription. */
export interface Kept {
  message: number;
  node: number;
  subscription: number;
  arrival: number;
  key: number;
  enteredAt: number;
  deliveries: number;
  /** Not to be delivered again before. */
  notBefore: number;
  newest: number;
  /** When it was last delivered, -1 for never. */
  deliveredAt: number;
}

export function subscriptionOf({ node, subscription }: Kept): string {
  return `${node} ${subscription}`;
}

export function isBeside(of: Kept, other: Kept): boolean {
  return other !== of && other.node === of.node && other.subscription === of.subscription;
}

export function keyOf({ node, subscription, key }: Kept): string {
  return `${node} ${subscription} ${key}`;
}

/** Messages that a queue deleted, before this second and in all; whether this second was watched from its beginning. */
export interface Deletions {
  second: number;
  before: number;
  sum: number;
  events: number;
  isWhole: boolean;
}
