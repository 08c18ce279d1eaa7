import { deviations, type Implementation, implementations } from '../implementations/deviations.ts';

/** The table of docs/implementations.md: each promise, with the implementations that do otherwise. */
export function implementationsText(): string {
  const releases = Object.entries(implementations).map(
    ([name, { title, version }]) => `| \`${name}\` | ${title} | ${version} |`,
  );
  const sections = deviations.flatMap(({ id, promise, behaviour, handling, seen, source }) => [
    `## \`${id}\``,
    '',
    `${promise} ([specification](${source}))`,
    '',
    ...(Object.entries(behaviour) as [Implementation, string][]).map(
      ([name, does]) => `- ${implementations[name].title} ${does}.`,
    ),
    '',
    `With a profile: ${handling}`,
    '',
    `Seen by: ${seen}.`,
    '',
  ]);
  return ['| profile | implementation | release |', '| --- | --- | --- |', ...releases, '', ...sections].join(
    '\n',
  );
}
