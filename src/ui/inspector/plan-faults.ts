import type { Studio } from '../../store/studio.ts';

/** Puts planned faults in the place of the random ones, the same ones at the same times; one step to undo. */
export async function planFaults(studio: Studio): Promise<void> {
  const { plannedFaults } = await import('../../kinds/chaos-faults.ts');
  const { design } = studio.designs.getState();
  studio.edit.dispatch({
    type: 'batch',
    label: 'Make the random faults planned',
    edits: [{ type: 'set-faults', faults: plannedFaults(design) }, { type: 'set-chaos' }],
  });
}
