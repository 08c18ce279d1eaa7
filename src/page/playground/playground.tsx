import { render } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { SourceFile } from '../../yaml/source.ts';
import { useAddress } from '../address.ts';
import { unpack, unpackText } from '../data.ts';
import { copied, Shared as PageShared } from '../parts.tsx';
import { type Tab, Tabs, tabsOf, usePrinting, View } from '../report-views.tsx';
import { searchable, select } from '../select.ts';
import { optionsOf } from './choices.ts';
import { Editor, type Jump } from './editor.tsx';
import { EngineClient } from './engine-client.ts';
import { FileBar } from './file-bar.tsx';
import { droppedIn, filesIn, type Loaded } from './load-files.ts';
import type { Converted } from './messages.ts';
import { OptionsForm } from './options-form.tsx';
import { Differences, Proofs, Routes } from './results.tsx';
import { fragmentOf, sharedIn } from './share.ts';
import { Summary } from './summary.tsx';
import { freePath, keep, keptWork, type Work, withFiles, without, withText, workOn } from './work.ts';

/** Manifests to begin with. */
interface Example {
  readonly title: string;
  readonly files: readonly SourceFile[];
}

/** Addresses beyond this are cut by some programs that pass them on, in characters. */
const LONG_ADDRESS = 8000;

function Playground({ examples }: { readonly examples: readonly Example[] }) {
  const address = useAddress('routes');
  const [work, setWork] = useState<Work>(
    () => workOfAddress() ?? keptWork() ?? workOn(examples[0]?.files ?? [], {}),
  );
  const [notice, setNotice] = useState(() => (isDamaged() ? damaged : ''));
  const [converted, setConverted] = useState<Converted>();
  const [failure, setFailure] = useState('');
  const [jump, setJump] = useState<Jump>();
  const engine = useMemo(
    () =>
      new EngineClient(() => unpackText('engine'), {
        onConverted: result => {
          setConverted(result);
          setFailure('');
        },
        onFailed: setFailure,
      }),
    [],
  );
  const { documents, active, chosen } = work;
  useEffect(() => {
    const files = documents.map(({ path, text }) => ({ path, text }));
    engine.convert(files, optionsOf(chosen));
  }, [engine, documents, chosen]);
  useEffect(() => {
    const timer = setTimeout(() => keep(work), 500);
    return () => clearTimeout(timer);
  }, [work]);
  const take = useCallback((next: Work, said = ''): void => {
    setWork(next);
    setNotice(said);
  }, []);
  useSharedAddress(take);
  const add = useCallback(({ files, left }: Loaded): void => {
    setWork(before => withFiles(before, files));
    setNotice(left.length === 0 ? '' : `Not taken: ${left.join('; ')}.`);
  }, []);
  const isOver = useDrops(add);
  const share = async (): Promise<void> => {
    const fragment = fragmentOf({ files: documents, chosen });
    history.replaceState(null, '', fragment);
    const isCopied = await copied(location.href);
    setNotice(
      `${isCopied ? 'The link is copied' : 'The link is in the address bar'}: it holds ${documents.length} file${documents.length === 1 ? '' : 's'}, all of them behind the #, which browsers send nowhere.${
        fragment.length > LONG_ADDRESS
          ? ` It has ${fragment.length.toLocaleString('en-US')} characters; some programs cut such links.`
          : ''
      }`,
    );
  };
  const goTo = useCallback(
    (file: string, line: number): void => {
      const found = documents.find(({ path }) => path === file);
      if (found === undefined) return;
      setWork(before => ({ ...before, active: found.id }));
      setJump({ line });
    },
    [documents],
  );
  const shown = documents.find(({ id }) => id === active) ?? documents[0];
  const marked = converted?.files.find(({ path }) => path === shown?.path)?.text ?? '';
  const marks = useMemo(
    () => (converted?.marks ?? []).filter(({ path }) => path === shown?.path),
    [converted, shown?.path],
  );
  return (
    <>
      <header class="play-head">
        <p class="product">
          vs2route <span>playground</span>
        </p>
        <h1>Istio VirtualServices to Gateway API routes</h1>
        <div class="play-tools">
          <label class="choice">
            Example
            <select
              value=""
              onChange={event => {
                const example = examples[Number(event.currentTarget.value)];
                event.currentTarget.value = '';
                if (example !== undefined) take(workOn(example.files, chosen));
              }}
            >
              <option value="">choose…</option>
              {examples.map(({ title }, index) => (
                <option key={title} value={String(index)}>
                  {title}
                </option>
              ))}
            </select>
          </label>
          <label class="button-like">
            Open files…
            <input
              type="file"
              multiple
              accept=".yaml,.yml,.json"
              onChange={async event => {
                const input = event.currentTarget;
                add(await filesIn(input.files ?? []));
                input.value = '';
              }}
            />
          </label>
          <button type="button" onClick={() => void share()}>
            Share
          </button>
        </div>
        <p class="promise">
          Manifests stay in this page: it makes no request, and its policy forbids any. Drop files or folders
          anywhere.
        </p>
      </header>
      <p class="notice" role="status">
        {notice}
      </p>
      <OptionsForm chosen={chosen} onChange={next => setWork(before => ({ ...before, chosen: next }))} />
      <div class={`play ${isOver ? 'dropping' : ''}`}>
        <section class="input" aria-label="Manifests">
          <FileBar
            documents={documents}
            active={active}
            marks={converted?.marks ?? []}
            onOpen={id => setWork(before => ({ ...before, active: id }))}
            onRemove={id => setWork(before => without(before, id))}
            onNew={() => setWork(before => withFiles(before, [{ path: freePath(before), text: '' }]))}
          />
          {shown !== undefined && (
            <Editor
              document={shown}
              marks={marks}
              marked={marked}
              jump={jump}
              onChange={(id, text) => setWork(before => withText(before, id, text))}
            />
          )}
        </section>
        <div class="output">
          <Summary converted={converted} failure={failure} />
          {converted !== undefined && <Result {...{ converted, address, engine, goTo }} />}
        </div>
      </div>
    </>
  );
}

interface ResultProps {
  readonly converted: Converted;
  readonly address: ReturnType<typeof useAddress>;
  readonly engine: EngineClient;
  readonly goTo: (file: string, line: number) => void;
}

function Result({ converted, address, engine, goTo }: ResultProps) {
  const { index, details } = converted;
  const shared = useMemo(() => ({ texts: index.texts, sourceUrl: index.sourceUrl, goTo }), [index, goTo]);
  const held = useMemo(() => ({ at: (position: number) => details[position] }), [details]);
  const all = useMemo(() => searchable(index.rows), [index]);
  const found = useMemo(() => select(all, address.filter), [all, address]);
  const tracer = useMemo(() => ({ trace: engine.trace.bind(engine) }), [engine, converted]);
  const { view } = address;
  usePrinting(view === 'list' ? found : all, held, index);
  useLayoutEffect(() => {
    document.body.dataset['view'] = view;
  }, [view]);
  return (
    <PageShared.Provider value={shared}>
      <Tabs tabs={[...ownTabs(converted, view), ...tabsOf(index, view)]} label="Result" />
      <main id="app" tabIndex={-1}>
        {view === 'routes' ? (
          <Routes converted={converted} />
        ) : view === 'differences' ? (
          <Differences converted={converted} />
        ) : view === 'proof' ? (
          <Proofs converted={converted} />
        ) : (
          <View {...{ index, address, details: held, tracer, all, found }} />
        )}
      </main>
    </PageShared.Provider>
  );
}

function ownTabs({ index, tried }: Converted, view: string): readonly Tab[] {
  const differing = index.rows.filter(({ fate }) => fate !== 'same' && fate !== 'skipped').length;
  return [
    { to: 'routes', title: 'Routes', isHere: view === 'routes' },
    { to: 'differences', title: `Differences (${differing})`, isHere: view === 'differences' },
    { to: 'proof', title: `Proof (${tried.toLocaleString('en-US')})`, isHere: view === 'proof' },
  ];
}

const damaged = 'The link is damaged or incomplete. Ask for it again, as text that no program shortens.';

function isDamaged(): boolean {
  return sharedIn(location.hash) === 'damaged';
}

/** The work that the address holds; the address is then free for views. */
function workOfAddress(): Work | undefined {
  const shared = sharedIn(location.hash);
  if (shared === undefined || shared === 'damaged') return undefined;
  return workOn(shared.files, shared.chosen);
}

/** Takes the work of a link that somebody opens in the same tab. */
function useSharedAddress(take: (work: Work, said?: string) => void): void {
  useEffect(() => {
    const update = (): void => {
      const work = workOfAddress();
      if (work !== undefined) take(work);
      else if (isDamaged()) take(workOn([], {}), damaged);
    };
    addEventListener('hashchange', update);
    return () => removeEventListener('hashchange', update);
  }, [take]);
}

/** @returns whether something is held over the page */
function useDrops(add: (loaded: Loaded) => void): boolean {
  const [isOver, setOver] = useState(false);
  const depth = useRef(0);
  useEffect(() => {
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    const move = (by: number) => (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth.current += by;
      setOver(depth.current > 0);
    };
    const over = (event: DragEvent): void => {
      if (hasFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      depth.current = 0;
      setOver(false);
      if (!hasFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      void droppedIn(event.dataTransfer).then(add);
    };
    const [enter, leave] = [move(1), move(-1)];
    addEventListener('dragenter', enter);
    addEventListener('dragleave', leave);
    addEventListener('dragover', over);
    // Before the editor takes the text of a file for its own.
    addEventListener('drop', drop, { capture: true });
    return () => {
      removeEventListener('dragenter', enter);
      removeEventListener('dragleave', leave);
      removeEventListener('dragover', over);
      removeEventListener('drop', drop, { capture: true });
    };
  }, [add]);
  return isOver;
}

const place = document.getElementById('playground');
if (place !== null) render(<Playground examples={unpack<readonly Example[]>('examples')} />, place);
