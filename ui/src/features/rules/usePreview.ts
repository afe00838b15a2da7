import { useEffect, useState } from 'react';

import type { AudienceRulesPreview, WireError } from '../../api/bindings';
import { asWireError, host } from '../../api/client';

/** The preview of a text, or what is wrong with it, a moment after the last keystroke. */
export function usePreview(text: string | undefined) {
  const [preview, setPreview] = useState<AudienceRulesPreview | null>(null);
  const [problem, setProblem] = useState<WireError | null>(null);
  useEffect(() => {
    if (text === undefined) return;
    let current = true;
    const timer = setTimeout(() => {
      host.call('audience_rules_preview', { text }).then(
        answer => {
          if (!current) return;
          setPreview(answer);
          setProblem(null);
        },
        (error: unknown) => {
          if (!current) return;
          setPreview(null);
          setProblem(asWireError(error));
        },
      );
    }, 250);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text]);
  return { preview, problem };
}
