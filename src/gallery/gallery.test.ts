import { describe, expect, it } from 'vitest';
import { parseDesign } from '../design/parse-design.ts';
import { serializeDesign } from '../design/serialize-design.ts';
import type { Design, DesignNode } from '../design/types.ts';
import { possibleConnections } from '../kinds/connections.ts';
import { fieldProblems } from '../kinds/field-problems.ts';
import { resolveFields } from '../kinds/field-values.ts';
import { kindDefinition } from '../kinds/registry.ts';
import { GALLERY, galleryEntry } from './gallery.ts';
import { MYTHS } from './myths/myths.ts';

const ALL = [...GALLERY, ...MYTHS];

interface Box {
  id: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

function boxes(design: Design): Box[] {
  return design.nodes.map((node) => {
    const { x, y } = design.layout.nodes.find(({ id }) => id === node.id)!;
    const { width, height } = cardOf(node);
    return { id: node.id, left: x, right: x + width, top: y, bottom: y + height };
  });
}

function cardOf(node: DesignNode): { width: number; height: number } {
  const { width, height, perLane = 0 } = kindDefinition(node.kind)!.card;
  return { width, height: height + perLane * Math.min(8, Number(resolveFields(node).partitions ?? 0)) };
}

describe('the gallery', () => {
  it('opens with the orders design and finds entries by name', () => {
    expect(GALLERY[0].name).toBe('orders');
    expect(galleryEntry('mm4')?.title).toBe('Four workers, one queue');
    expect(galleryEntry('toString')).toBeUndefined();
    expect(galleryEntry('myth-null-keys')?.myth).toMatch(/in turn/);
    expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
  });

  describe.each(ALL)('$name', ({ design, title, what, myth = 'A belief.' }) => {
    it('is a design file without a problem', () => {
      const parsed = parseDesign(serializeDesign(design));
      expect(parsed).toEqual({ design, problems: [] });
      expect(fieldProblems(design)).toEqual([]);
    });

    it('says what to look at in one sentence', () => {
      expect(design.name).toBe(title);
      expect(what).toMatch(/^[A-Za-z0-9].*\.$/);
      expect(myth).toMatch(/^[A-Z].*\.$/);
    });

    it('has fields and faults that its kinds know', () => {
      for (const node of design.nodes) {
        const known = kindDefinition(node.kind)!.fields.map(({ name }) => name);
        expect(known).toEqual(expect.arrayContaining(Object.keys(node.fields)));
      }
      for (const { node, fault } of design.scenario.faults) {
        const kind = design.nodes.find(({ id }) => id === node)!.kind;
        expect(kindDefinition(kind)!.faults.map(({ id }) => id)).toContain(fault);
      }
    });

    it('joins ports that fit', () => {
      const kindOf = new Map(design.nodes.map(({ id, kind }) => [id, kind]));
      for (const { from, fromPort, to, toPort } of design.edges) {
        expect(possibleConnections(kindOf.get(from)!, kindOf.get(to)!)).toContainEqual({ fromPort, toPort });
      }
    });

    it('lies on the grid with room between the cards', () => {
      const cards = boxes(design);
      for (const { x, y } of design.layout.nodes) expect([x % 8, y % 8]).toEqual([0, 0]);
      for (const [at, a] of cards.entries()) {
        for (const b of cards.slice(at + 1)) {
          const across = Math.max(a.left - b.right, b.left - a.right);
          const down = Math.max(a.top - b.bottom, b.top - a.bottom);
          expect(across >= 64 || down >= 40, `${a.id} and ${b.id} are too close`).toBe(true);
        }
      }
    });
  });
});
