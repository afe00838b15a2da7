import { Density, Mode, applyDensity, applyMode } from '@cloudscape-design/global-styles';
import { useEffect, useState } from 'react';

/** Kept on this machine, in the window's own storage. */
export function useStored<T>(key: string, initial: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => {
    try {
      const text = localStorage.getItem(key);
      return text === null ? initial : (JSON.parse(text) as T);
    } catch {
      return initial;
    }
  });
  const store = (next: T) => {
    setValue(next);
    localStorage.setItem(key, JSON.stringify(next));
  };
  return [value, store];
}

export type Theme = 'light' | 'dark' | 'system';

export function useAppearance() {
  const [theme, setTheme] = useStored<Theme>('theme', 'system');
  const [compact, setCompact] = useStored('compact', true);
  useEffect(() => {
    const media = window.matchMedia('(prefers-color-scheme: dark)');
    const apply = () => {
      const dark = theme === 'dark' || (theme === 'system' && media.matches);
      applyMode(dark ? Mode.Dark : Mode.Light);
    };
    apply();
    media.addEventListener('change', apply);
    return () => media.removeEventListener('change', apply);
  }, [theme]);
  useEffect(() => applyDensity(compact ? Density.Compact : Density.Comfortable), [compact]);
  return { theme, setTheme, compact, setCompact };
}
