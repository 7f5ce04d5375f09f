import { AtlasError } from '../../errors.ts';

/** The refusal to settle what a run of another layout left open: the layout was changed before that was done. */
export function otherLayout(target: string, layout: 'plain' | 'versioned'): AtlasError {
  const message = `a run that was to publish ${target} with layout ${layout} was interrupted, and the layout is another one now`;
  return new AtlasError('ATLAS_TARGET_KIND', message, {
    place: { file: target },
    hint: `Run it once with layout: ${layout}, so that it is settled; then change the layout.`,
  });
}
