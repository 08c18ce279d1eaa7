import type { KubeObject } from './api.ts';
import type { Company } from './company.ts';
import type { Drill } from './drill.ts';

/** Something that people do in the wrong order, or leave out. */
export interface Mistake {
  readonly name: string;
  readonly run: (drill: Drill) => Promise<void>;
}

type Choice = (object: KubeObject) => boolean;

const isRoute: Choice = ({ kind = '' }) => /^(?:HTTP|GRPC|TLS|TCP)Route$/.test(kind);
const isVirtualService: Choice = ({ kind }) => kind === 'VirtualService';
const isNewGateway: Choice = ({ kind, apiVersion = '' }) =>
  kind === 'Gateway' && apiVersion.startsWith('gateway.networking.k8s.io/');
const isRule: Choice = ({ kind }) => kind === 'DestinationRule';

/** Those that the conversion makes, of the kinds that are chosen. */
function made({ before, after }: Company, isChosen: Choice): readonly KubeObject[] {
  return [...after].flatMap(([key, object]) => (!before.has(key) && isChosen(object) ? [object] : []));
}

/** Those that the conversion removes. */
function gone({ before, after }: Company, isChosen: Choice): readonly KubeObject[] {
  return [...before].flatMap(([key, object]) => (!after.has(key) && isChosen(object) ? [object] : []));
}

async function apply({ cluster }: Drill, objects: readonly KubeObject[]): Promise<void> {
  if (objects.length === 0) throw new Error('there is nothing to apply');
  await cluster.shell.must(
    'kubectl apply -f -',
    objects.map(object => JSON.stringify(object)).join('\n---\n'),
  );
}

async function remove({ cluster }: Drill, objects: readonly KubeObject[]): Promise<void> {
  if (objects.length === 0) throw new Error('there is nothing to delete');
  await cluster.shell.must(
    'kubectl delete -f -',
    objects.map(object => JSON.stringify(object)).join('\n---\n'),
  );
}

const isPrerequisite: Choice = ({ kind = '' }) =>
  ['Service', 'DestinationRule', 'ReferenceGrant'].includes(kind);

/** What the rest of the plan puts in place before the step that goes wrong. */
async function prerequisites(drill: Drill): Promise<void> {
  await apply(drill, made(drill.company, isPrerequisite));
}

async function gateways(drill: Drill): Promise<void> {
  await apply(drill, made(drill.company, isNewGateway));
  await drill.cluster.shell.must(
    'kubectl -n istio-ingress wait --for=condition=Programmed --timeout=1m gateways.gateway.networking.k8s.io/public',
  );
}

export const mistakes: readonly Mistake[] = [
  {
    name: 'the VirtualServices are deleted before the routes are there',
    run: drill => remove(drill, gone(drill.company, isVirtualService)),
  },
  {
    name: 'the Services of versions have no endpoints',
    run: async drill => {
      const rest = made(drill.company, isPrerequisite);
      const withTypo = rest.map(object => {
        const { selector } = (object.spec ?? {}) as { readonly selector?: object };
        if (object.kind !== 'Service' || selector === undefined) return object;
        return { ...object, spec: { ...object.spec, selector: { ...selector, version: 'none' } } };
      });
      await apply(drill, withTypo);
      await gateways(drill);
      await apply(drill, made(drill.company, isRoute));
    },
  },
  {
    name: 'DNS points to the new Gateway before its routes are there',
    run: async drill => {
      await prerequisites(drill);
      await gateways(drill);
      drill.pointDns('public-istio-0');
    },
  },
  {
    name: 'routes come before the Gateway, and the VirtualServices go at once',
    run: async drill => {
      await prerequisites(drill);
      await apply(drill, made(drill.company, isRoute));
      await remove(drill, gone(drill.company, isVirtualService));
    },
  },
  {
    name: 'the VirtualServices go before DNS points to the new Gateway',
    run: async drill => {
      await prerequisites(drill);
      await gateways(drill);
      await apply(drill, made(drill.company, isRoute));
      await remove(drill, gone(drill.company, isVirtualService));
    },
  },
  {
    name: 'the subsets go before the VirtualServices that name them',
    run: async drill => {
      const { before, after } = drill.company;
      const changed = [...after].flatMap(([key, object]) =>
        isRule(object) && before.has(key) && JSON.stringify(before.get(key)) !== JSON.stringify(object)
          ? [object]
          : [],
      );
      await apply(drill, changed);
    },
  },
  {
    name: 'the ReferenceGrants are left out',
    run: async drill => {
      await apply(
        drill,
        made(drill.company, object => isPrerequisite(object) && object.kind !== 'ReferenceGrant'),
      );
      await gateways(drill);
      await apply(drill, made(drill.company, isRoute));
      drill.pointDns('public-istio-0');
    },
  },
];
