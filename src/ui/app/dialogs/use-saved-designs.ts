import { useEffect, useState } from 'react';
import type { SavedDesign } from '../../../store/design-storage.ts';
import { useStudio } from '../studio-context.tsx';

/** What this browser keeps besides the open design, newest first; empty until that is known. */
export function useSavedDesigns(): readonly SavedDesign[] {
  const studio = useStudio();
  const [saved, setSaved] = useState<readonly SavedDesign[]>([]);
  useEffect(() => {
    let current = true;
    void studio.edit.saved().then((found) => current && setSaved(found));
    return () => {
      current = false;
    };
  }, [studio]);
  return saved;
}
