import { missing } from './edit-checks.ts';

/** The item of this id; throws an `EditError` that says what is missing. */
export function find<Item extends { id: string }>(items: readonly Item[], id: string, what: string): Item {
  const found = items.find((item) => item.id === id);
  if (!found) throw missing(what, id);
  return found;
}

/** The list with one item changed; throws an `EditError` if it is not there. */
export function changeOne<Item extends { id: string }>(
  items: readonly Item[],
  id: string,
  what: string,
  change: (item: Item) => Item,
): readonly Item[] {
  find(items, id, what);
  return items.map((item) => (item.id === id ? change(item) : item));
}

/** The object with the key set, or without the key: an absent key and one that holds undefined differ in a test. */
export function withOptional<Item extends object, Key extends keyof Item>(
  item: Item,
  key: Key,
  value: Item[Key] | undefined,
): Item {
  const { [key]: _, ...others } = item;
  return (value === undefined ? others : { ...item, [key]: value }) as Item;
}
