import { addressOf, fateWords, pageFates } from '../../reporters/page/page-data.ts';
import type { Converted } from './messages.ts';

interface Props {
  readonly converted: Converted | undefined;
  readonly failure: string;
}

/** How many VirtualServices convert, and how it was checked, in three lines. */
export function Summary({ converted, failure }: Props) {
  if (failure !== '')
    return (
      <p class="diagnostic error" role="alert">
        The conversion failed: {failure}
      </p>
    );
  if (converted === undefined) return <p class="working">Converting…</p>;
  const { title, counts, tried, differences, milliseconds } = converted;
  const total = pageFates.reduce((sum, fate) => sum + counts[fate], 0);
  let at = 0;
  const parts = pageFates.map(fate => {
    const width = total === 0 ? 0 : (1000 * counts[fate]) / total;
    at += width;
    return { fate, x: at - width, width };
  });
  return (
    <div class="summary-head" aria-live="polite">
      <h2>{title}</h2>
      <svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
        {parts.map(({ fate, x, width }) => (
          <rect key={fate} class={fate} x={x} width={width} height="10" />
        ))}
      </svg>
      <ul class="counts">
        {pageFates
          .filter(fate => counts[fate] > 0)
          .map(fate => (
            <li key={fate}>
              <a class={`fate ${fate}`} href={addressOf('list', { fate: [fate] })}>
                <span aria-hidden="true">{fateWords[fate].sign}</span> {counts[fate]} {fateWords[fate].short}
              </a>
            </li>
          ))}
      </ul>
      <p class="proof">
        {tried > 0 &&
          `Checked ${tried.toLocaleString('en-US')} request${tried === 1 ? '' : 's'} before and after: ${
            differences === 0 ? 'all the same' : `${differences.toLocaleString('en-US')} differ as listed`
          }. `}
        <span class="took">Converted in {Math.max(1, Math.round(milliseconds))} ms.</span>
      </p>
    </div>
  );
}
