import type { ComponentChildren } from 'preact';
import { createContext } from 'preact';
import { useContext, useState } from 'preact/hooks';
import {
  fateWords,
  type PageDiagnostic,
  type PageFate,
  type PageIndex,
} from '../reporters/page/page-data.ts';

/** Texts that many diagnostics have, and where files can be looked at. */
export interface SharedData extends Pick<PageIndex, 'texts' | 'sourceUrl'> {
  /** Goes to a place in a file, where the page has the file at hand. */
  readonly goTo?: (file: string, line: number) => void;
}

export const Shared = createContext<SharedData>({ texts: [], sourceUrl: '' });

export function Fate({ fate }: { readonly fate: PageFate }) {
  const { short, sign } = fateWords[fate];
  return (
    <span class={`fate ${fate}`}>
      <span aria-hidden="true">{sign}</span> {short}
    </span>
  );
}

/** Text in which what stands between backticks is code. */
export function Prose({ text }: { readonly text: string }) {
  return (
    <>
      {text
        .split(/`([^`]+)`/)
        .map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}
    </>
  );
}

interface CopyProps {
  readonly text: string;
  readonly label: string;
  readonly word?: string;
}

export function CopyButton({ text, label, word = 'Copy' }: CopyProps) {
  const [state, setState] = useState<'idle' | 'done' | 'failed'>('idle');
  const copy = async (): Promise<void> => {
    setState((await copied(text)) ? 'done' : 'failed');
    setTimeout(() => setState('idle'), 2000);
  };
  return (
    <button type="button" class="copy" aria-label={label} onClick={() => void copy()}>
      <span aria-live="polite">{state === 'done' ? 'Copied' : state === 'failed' ? 'Not copied' : word}</span>
    </button>
  );
}

/** Pages that are opened from a disk may not have the clipboard of the navigator. */
export async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand('copy');
    area.remove();
    return isCopied;
  }
}

/** A place in a file, as a link where the report knows where files can be looked at. */
export function PlaceOf({
  file,
  line,
  sourceUrl,
}: {
  readonly file: string;
  readonly line: number;
  readonly sourceUrl: string;
}) {
  const text = `${file}:${line}`;
  const { goTo } = useContext(Shared);
  if (goTo !== undefined && file !== '')
    return (
      <button type="button" class="place jump" onClick={() => goTo(file, line)}>
        {text}
      </button>
    );
  if (sourceUrl === '' || file === '') return <span class="place">{text}</span>;
  const url = sourceUrl
    .replaceAll('{path}', file.split('/').map(encodeURIComponent).join('/'))
    .replaceAll('{line}', String(line));
  return (
    <a class="place" href={url} rel="noreferrer">
      {text}
    </a>
  );
}

/** One thing that is said, with what to do about it. */
interface DiagnosticProps {
  readonly one: PageDiagnostic;
  /** Without what to do and why, which stands elsewhere. */
  readonly isBrief?: boolean;
}

export function Diagnostic({ one, isBrief = false }: DiagnosticProps) {
  const { texts, sourceUrl } = useContext(Shared);
  const remedy = texts[one.remedy] ?? '';
  const why = texts[one.why] ?? '';
  return (
    <div class={`diagnostic ${one.severity}`}>
      <p class="said">
        <span class="severity">{one.severity}</span> <code class="code">{one.code}</code>{' '}
        <Prose text={one.message} />
      </p>
      {!isBrief && remedy !== '' && (
        <p>
          <b>To do:</b> <Prose text={remedy} />
        </p>
      )}
      {!isBrief && why !== '' && (
        <p class="why">
          <b>Why:</b> <Prose text={why} />
        </p>
      )}
      <p class="where">
        <PlaceOf file={one.file} line={one.line} sourceUrl={sourceUrl} />
        {one.related.map(({ message, file, line }) => (
          <span key={`${file}:${line}`}>
            {' · '}
            {message}: <PlaceOf file={file} line={line} sourceUrl={sourceUrl} />
          </span>
        ))}
      </p>
    </div>
  );
}

export function Section({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
}) {
  return (
    <section class="card">
      <h2>{title}</h2>
      {children}
    </section>
  );
}
