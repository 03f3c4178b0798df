import { useEffect } from 'react';
import { useView } from './studio-context.tsx';

/** Keeps `data-theme` on the root element equal to the chosen theme, following the system when asked to. */
export function useTheme(): void {
  const theme = useView((view) => view.theme);
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const apply = () => {
      document.documentElement.dataset.theme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
    };
    apply();
    if (theme !== 'system') return;
    dark.addEventListener('change', apply);
    return () => dark.removeEventListener('change', apply);
  }, [theme]);
}

/** Calls `listener` after the theme on the root element changed. Returns the way to stop it. */
export function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
