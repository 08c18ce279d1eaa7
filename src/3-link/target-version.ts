import { placeOf } from '../2-decode/place-of.ts';
import { type AnyResource, isType, type Resource } from '../2-decode/resource.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import type { GatewayApiVersion, Options } from '../options.ts';

type Definition = Resource<'apiextensions.CustomResourceDefinition'>;

/** The releases that are known, the oldest first. */
export const gatewayApiVersions: readonly GatewayApiVersion[] = ['1.4', '1.5', '1.6', '1.7'];
const bundleVersion = 'gateway.networking.k8s.io/bundle-version';
const channelName = 'gateway.networking.k8s.io/channel';

/**
 * Settles which Gateway API the routes are written for: a manifest of its CRDs tells by its annotations.
 *
 * @returns the options with the version and the channel of the input, unless somebody chose them
 * @see https://gateway-api.sigs.k8s.io/concepts/versioning/
 */
export function withTarget(options: Options, resources: readonly AnyResource[], report: Report): Options {
  const found = resources
    .filter(isType('apiextensions.CustomResourceDefinition'))
    .map(readTarget)
    .find(target => target !== undefined);
  if (found === undefined) return options;
  const { definition, version, channel } = found;
  const place = placeOf(definition, 'metadata', 'annotations', bundleVersion);
  const nearest = nearestTo(version);
  const args = { version, channel, target: options.gatewayApi, chosen: options.channel };
  if (!options.targetFromInput) {
    if (nearest !== options.gatewayApi || channel !== options.channel) report('target-differs', place, args);
    return options;
  }
  if (nearest !== version) report('target-version-unknown', place, { version, nearest });
  return { ...options, gatewayApi: nearest, channel };
}

/**
 * The CRDs that judge the objects of one tree: its own, else those of another tree, else what options say.
 *
 * @param trees the objects of the tree, then those of the others
 */
export function targetOf(
  { gatewayApi, channel, targetFromInput }: Pick<Options, 'gatewayApi' | 'channel' | 'targetFromInput'>,
  trees: readonly (readonly AnyResource[])[],
): Pick<Options, 'gatewayApi' | 'channel'> {
  if (!targetFromInput) return { gatewayApi, channel };
  for (const resources of trees) {
    const found = resources
      .filter(isType('apiextensions.CustomResourceDefinition'))
      .map(readTarget)
      .find(target => target !== undefined);
    if (found !== undefined) return { gatewayApi: nearestTo(found.version), channel: found.channel };
  }
  return { gatewayApi, channel };
}

interface Target {
  readonly definition: Definition;
  /** As `1.6`. */
  readonly version: string;
  readonly channel: Options['channel'];
}

/** HTTPRoute's counts; the other kinds of a bundle say the same. */
function readTarget(definition: Definition): Target | undefined {
  if (definition.name !== 'httproutes.gateway.networking.k8s.io') return undefined;
  const { annotations = {} } = definition.metadata;
  const version = /^v?(\d+\.\d+)/.exec(annotations[bundleVersion] ?? '')?.[1];
  if (version === undefined) return undefined;
  const channel = annotations[channelName] === 'experimental' ? 'experimental' : 'standard';
  return { definition, version, channel };
}

/** The version itself, or the oldest or the newest that is known. */
function nearestTo(version: string): GatewayApiVersion {
  const known = gatewayApiVersions.find(candidate => candidate === version);
  if (known !== undefined) return known;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 1 || minor > 7 ? '1.7' : '1.4';
}
