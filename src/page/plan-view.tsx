import { useState } from 'preact/hooks';
import type { PageStep } from '../reporters/page/page-data.ts';
import { CopyButton } from './parts.tsx';

interface Props {
  readonly steps: readonly PageStep[];
  /** Where ticks are kept. */
  readonly storage: string;
}

/** The cut-over plan as a list to tick off; the browser remembers what is ticked. */
export function PlanView({ steps, storage }: Props) {
  const [ticked, setTicked] = useState<ReadonlySet<number>>(() => readTicks(storage));
  const tick = (index: number, isTicked: boolean): void => {
    const next = new Set(ticked);
    if (isTicked) next.add(index);
    else next.delete(index);
    keepTicks(storage, next);
    setTicked(next);
  };
  if (steps.length === 0) return <p class="empty-view">Nothing converts, so there is nothing to apply.</p>;
  return (
    <section class="card plan">
      <h1>Cut-over plan</h1>
      <p>
        Each request is answered at every step of this order. {ticked.size} of {steps.length} steps are done.
      </p>
      <ol>
        {steps.map(({ title, commands }, index) => (
          <li key={index} class={ticked.has(index) ? 'done' : ''}>
            <label>
              <input
                type="checkbox"
                checked={ticked.has(index)}
                onChange={event => tick(index, event.currentTarget.checked)}
              />{' '}
              {title}
            </label>
            {commands.length > 0 && (
              <div class="commands">
                <CopyButton text={commands.join('\n')} label={`Copy commands of step ${index + 1}`} />
                <pre tabIndex={0}>{commands.join('\n')}</pre>
              </div>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

function readTicks(storage: string): ReadonlySet<number> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storage) ?? '[]');
    return new Set(Array.isArray(kept) ? kept.filter(one => typeof one === 'number') : []);
  } catch {
    // A browser may keep nothing for pages from the disk.
    return new Set();
  }
}

function keepTicks(storage: string, ticked: ReadonlySet<number>): void {
  try {
    localStorage.setItem(storage, JSON.stringify([...ticked]));
  } catch {
    // Then they last as long as the page.
  }
}
