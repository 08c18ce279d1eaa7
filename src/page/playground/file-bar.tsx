import type { Document } from './editor.tsx';
import type { Mark } from './messages.ts';

interface Props {
  readonly documents: readonly Document[];
  readonly active: number;
  readonly marks: readonly Mark[];
  readonly onOpen: (id: number) => void;
  readonly onRemove: (id: number) => void;
  readonly onNew: () => void;
}

/** The files that are converted together; each with the worst that is said of it. */
export function FileBar({ documents, active, marks, onOpen, onRemove, onNew }: Props) {
  return (
    <ul class="file-bar" aria-label="Files">
      {documents.map(({ id, path }) => (
        <li key={id} class={id === active ? 'active' : ''}>
          <button type="button" aria-pressed={id === active} onClick={() => onOpen(id)}>
            {path} <Worst marks={marks.filter(mark => mark.path === path)} />
          </button>
          <button type="button" class="remove" aria-label={`Remove ${path}`} onClick={() => onRemove(id)}>
            ×
          </button>
        </li>
      ))}
      <li>
        <button type="button" onClick={onNew}>
          + New file
        </button>
      </li>
    </ul>
  );
}

function Worst({ marks }: { readonly marks: readonly Mark[] }) {
  const errors = marks.filter(({ severity }) => severity === 'error').length;
  const warnings = marks.filter(({ severity }) => severity === 'warning').length;
  if (errors > 0)
    return (
      <span class="severity error" title={`${errors} errors`}>
        ✕ {errors}
      </span>
    );
  if (warnings > 0)
    return (
      <span class="severity warning" title={`${warnings} warnings`}>
        △ {warnings}
      </span>
    );
  return null;
}
