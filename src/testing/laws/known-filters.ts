import type { Address } from '../../kinds/shared/addresses.ts';

/** What the services' own pages say that these filters take, written by hand, so that no reader of filters judges itself. */
export const KNOWN_FILTERS: ReadonlyMap<string, (address: Address) => boolean> = new Map<
  string,
  (address: Address) => boolean
>([
  ['', () => true],
  // Filter policies of SNS, over attributes.
  ['{"type": ["a"]}', (of) => typeOf(of) === 'a'],
  ['{"type": ["a", "b"]}', (of) => typeOf(of) === 'a' || typeOf(of) === 'b'],
  [
    '{"type": [{"prefix": "a"}]}',
    (of) => {
      const type = typeOf(of);
      return typeof type === 'string' && type.startsWith('a');
    },
  ],
  [
    '{"n": [{"numeric": [">", 0]}], "type": [{"anything-but": "c"}]}',
    (of) => {
      const n = of.headers.get('n');
      return typeof n === 'number' && n > 0 && typeOf(of) !== undefined && typeOf(of) !== 'c';
    },
  ],
  ['{"n": [{"exists": false}]}', ({ headers }) => !headers.has('n')],
  // Event patterns of EventBridge.
  ['{"detail-type": ["a"]}', ({ routingKey }) => routingKey === 'a'],
  ['{"detail-type": [{"wildcard": "*.b*"}]}', ({ routingKey }) => routingKey.includes('.b')],
  [
    '{"source": ["s"], "detail": {"n": [1, null]}}',
    ({ headers }) => headers.get('source') === 's' && (headers.get('n') === 1 || headers.get('n') === null),
  ],
]);

/** The attribute `type`: the routing key, where no header has this name. */
function typeOf({ routingKey, headers }: Address): unknown {
  const own = headers.get('type');
  return own === undefined && routingKey !== '' ? routingKey : own;
}
