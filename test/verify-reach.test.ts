import { expect, test } from 'vitest';
import type { SourceFile } from '../src/index.ts';
import { type Verification, verify } from '../src/verify/verify.ts';
import { caseFolders } from './case-folders.ts';

/** What somebody edits in the first VirtualService of a text. */
const edits: Readonly<Record<string, (text: string) => string>> = {
  'another timeout': text => text.replace(/^( *)http:\n( *)- /m, '$1http:\n$2- timeout: 77s\n$2  '),
  'another host': text => text.replace(/^( *)hosts:\n( *)- .*$/m, '$1hosts:\n$2- somewhere-else'),
  'one rule less': text => text.replace(/^( *)http:\n[\s\S]*?(?=^---|^ {0,2}\S|$(?![\s\S]))/m, ''),
};

/** What people are told, without how much was asked. */
function told({ asked, requests, connections, sampled, vantages, ...rest }: Verification) {
  return rest;
}

/** Every sixth case, so that this takes seconds; all of them are of one VirtualService or a few. */
const cases = caseFolders().filter(({ input: { text } }, index) => {
  return index % 6 === 0 && text.includes('VirtualService') && !text.includes('timeout: 77s');
});

test.each(Object.keys(edits))(
  'who asks only the hosts that a VirtualService reaches finds what whoever asks all finds: %s',
  name => {
    const edit = edits[name] ?? ((text: string) => text);
    let narrowed = 0;
    for (const { name: of, input, facts, options } of cases) {
      const after: SourceFile = { path: input.path, text: edit(input.text) };
      if (after.text === input.text) continue;
      const all = verify([input], [after], facts, options);
      const some = verify([input], [after], facts, options, 0);
      if (some.asked === undefined) continue;
      narrowed += 1;
      expect(told(some), of).toEqual(told(all));
      expect(some.requests, of).toBeLessThanOrEqual(all.requests);
    }
    expect(narrowed).toBeGreaterThan(25);
  },
  120_000,
);
