import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  indentOnInput,
  syntaxHighlighting,
} from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { useEffect, useRef } from 'preact/hooks';
import type { Mark } from './messages.ts';

/** A text that is edited. */
export interface Document {
  /** Another one for another text, so that one can be undone and the other not. */
  readonly id: number;
  readonly path: string;
  readonly text: string;
}

/** A place to go to. */
export interface Jump {
  readonly line: number;
}

interface Props {
  readonly document: Document;
  /** The diagnostics of this document. */
  readonly marks: readonly Mark[];
  /** The text that the marks are of. */
  readonly marked: string;
  readonly jump: Jump | undefined;
  readonly onChange: (id: number, text: string) => void;
}

/** An editor for YAML with diagnostics at their lines. Tab leaves it, so that the keyboard gets everywhere. */
export function Editor({ document: shown, marks, marked, jump, onChange }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const states = useRef(new Map<number, EditorState>());
  const shownId = useRef(-1);
  const change = useRef(onChange);
  change.current = onChange;

  useEffect(() => {
    if (place.current === null) return;
    const made = new EditorView({ parent: place.current });
    view.current = made;
    return () => made.destroy();
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined || shownId.current === shown.id) return;
    if (shownId.current !== -1) states.current.set(shownId.current, editor.state);
    shownId.current = shown.id;
    editor.setState(
      states.current.get(shown.id) ??
        EditorState.create({
          doc: shown.text,
          extensions: [
            extensions,
            EditorView.contentAttributes.of({ 'aria-label': `Manifest ${shown.path}`, tabindex: '0' }),
            EditorView.updateListener.of(update => {
              if (update.docChanged) change.current(shown.id, update.state.sliceDoc());
            }),
          ],
        }),
    );
  }, [shown]);

  useEffect(() => {
    const editor = view.current;
    // While an older text is converted, the marks of a still older one move along with what is typed.
    if (editor === undefined || shownId.current !== shown.id || editor.state.sliceDoc() !== lf(marked))
      return;
    editor.dispatch(
      setDiagnostics(
        editor.state,
        marks.map(mark => diagnosticOf(mark, marked)),
      ),
    );
  }, [marks, marked, shown]);

  useEffect(() => {
    const editor = view.current;
    if (jump === undefined || editor === undefined) return;
    const { from } = editor.state.doc.line(Math.min(Math.max(1, jump.line), editor.state.doc.lines));
    editor.dispatch({
      selection: { anchor: from },
      effects: EditorView.scrollIntoView(from, { y: 'center' }),
    });
    editor.focus();
  }, [jump]);

  return <div class="editor" ref={place} />;
}

/** The editor counts every end of a line as one. */
function lf(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n');
}

function diagnosticOf({ from, to, severity, code, message, remedy }: Mark, text: string): Diagnostic {
  const start = lf(text.slice(0, from)).length;
  // As in a terminal, the first line of a field is marked.
  const [first = ''] = lf(text.slice(from, to)).split('\n');
  return {
    from: start,
    to: start + first.length,
    severity,
    message: `${message} ${remedy}`.trim(),
    source: code,
    renderMessage: () => {
      const shown = document.createElement('div');
      for (const [name, said] of [
        ['said', message],
        ['remedy', remedy],
      ] as const) {
        if (said === '') continue;
        const part = document.createElement('p');
        part.className = name;
        part.textContent = said.replaceAll('`', '');
        shown.append(part);
      }
      return shown;
    },
  };
}

const extensions: Extension = [
  lineNumbers(),
  foldGutter({ markerDOM: foldMarker }),
  lintGutter(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSelectionMatches(),
  search({ top: true }),
  yaml(),
  syntaxHighlighting(classHighlighter),
  keymap.of([...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...lintKeymap]),
];

function foldMarker(isOpen: boolean): HTMLElement {
  const marker = document.createElement('span');
  marker.className = 'fold';
  marker.textContent = isOpen ? '⌄' : '›';
  return marker;
}
