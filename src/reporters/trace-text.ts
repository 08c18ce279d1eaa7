import type { Palette } from '../print/palette.ts';
import { visible } from '../print/visible.ts';
import type { Trace, TracedSide, TraceView } from '../verify/trace.ts';
import { describeRule } from './rule-lines.ts';

/** The way of a request, for people: what each rule says to it, before the conversion and after it. */
export function traceText({ description, views }: Trace, palette: Palette): string {
  const blocks = sameViews(views).map(({ vantages, view }) => [
    '',
    palette.strong(visible(vantages.join(', '))),
    ...(staysAsItIs(view)
      ? [
          ...sideLines('today', view.before, palette),
          palette.faint('  after the conversion: nothing changes for this request'),
        ]
      : [...sideLines('before', view.before, palette), ...sideLines('after', view.after, palette)]),
  ]);
  return [visible(description), ...blocks.flat()].map(line => `${line}\n`).join('');
}

/** Whether the same object decides on both sides, so that the conversion leaves this request alone. */
function staysAsItIs({ before, after }: TraceView): boolean {
  const { rule } = before;
  return rule !== undefined && after.rule !== undefined && JSON.stringify(before) === JSON.stringify(after);
}

/** Views that look alike are shown once. */
function sameViews(
  views: readonly TraceView[],
): readonly { readonly vantages: readonly string[]; readonly view: TraceView }[] {
  const groups = new Map<string, { vantages: string[]; view: TraceView }>();
  for (const view of views) {
    const key = JSON.stringify([view.before, view.after]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { vantages: [view.vantage], view });
    else known.vantages.push(view.vantage);
  }
  return [...groups.values()];
}

function sideLines(name: string, { passed, rule, outcome }: TracedSide, palette: Palette): readonly string[] {
  return [
    `  ${name}: ${visible(outcome)}`,
    ...passed.flatMap(({ rule: other, reason }) => [
      `    ${palette.faint('no ')} ${describeRule(other, palette)}`,
      `        ${palette.faint(visible(reason))}`,
    ]),
    ...(rule === undefined ? [] : [`    ${palette.good('yes')} ${describeRule(rule, palette)}`]),
  ];
}
