import type { CatalogEntry } from '../catalog.ts';

/** What 1-read reports: texts that no tool can read, and those that only a template engine can. */
export const readCodes = {
  'yaml-invalid': {
    severity: 'error',
    fate: 'input',
    message: 'the document does not parse: {reason}',
    why: 'kubectl refuses a document that does not parse, so nothing in it is in the cluster.',
    remedy:
      'Correct this place; `kubectl apply --dry-run=client -f FILE` reads the document the same way. The other documents of the file are converted meanwhile.',
    example: 'hosts:\n- *.example.com',
  },
  template: {
    severity: 'error',
    fate: 'input',
    message: 'the document is a template: {mark}',
    why: 'What a template becomes depends on its values, so a conversion of the template would be a guess.',
    remedy:
      'Convert what it renders to, for example `{command} | vs2route convert -`, and carry the result back into the template. Braces inside quotes are kept as they are.',
    example: 'hosts:\n- {{ .Values.host }}',
  },
  'template-not-read': {
    severity: 'info',
    fate: 'note',
    message:
      'the templates of this folder are not read: this {kind}, for example, could tell ports, labels or attachments',
    why: 'What a template becomes depends on its values.',
    remedy:
      'Render the templates and show the result: `{command} > rendered.yaml`, then `--with rendered.yaml`.',
    example: 'kind: Service\nmetadata:\n  name: {{ .Release.Name }}',
  },
  'duplicate-key': {
    severity: 'error',
    fate: 'input',
    message: '`{key}` is written twice in one mapping',
    why: 'kubectl takes the last one in silence; kustomize, Flux and Argo CD refuse the document. Which of the two is meant is not ours to guess.',
    remedy: 'Delete one of the two.',
    example: 'timeout: 5s\ntimeout: 10s',
  },
  'alias-bomb': {
    severity: 'error',
    fate: 'input',
    message: 'the aliases of the document stand for more than {limit} nodes',
    why: 'kubectl refuses a document with excessive aliasing too, since small texts can grow without bounds this way.',
    remedy: 'Write out what the aliases stand for, or split the document.',
    example: 'a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]',
  },
  'nesting-too-deep': {
    severity: 'error',
    fate: 'input',
    message: 'the document is nested more than {limit} levels deep',
    why: 'No Kubernetes object is nested that deep; such a document is damaged, or made to do damage.',
    remedy: 'Check where the file comes from.',
  },
  'file-too-large': {
    severity: 'error',
    fate: 'input',
    message: 'the file has {size} MB and is not read: the limit is {limit} MB',
    why: 'A file of this size is a dump, not a manifest; nothing in it was looked at.',
    remedy: 'Pass the manifests themselves, or split the file at its `---` lines.',
  },
  'not-text': {
    severity: 'error',
    fate: 'input',
    message: 'the file is not read: it is not UTF-8 text',
    why: 'It has null bytes or bytes that are no UTF-8. kubectl refuses such files, and an edit in place would damage them.',
    remedy: 'Save the file as UTF-8, or leave it out.',
  },
  'ignore-unused': {
    severity: 'info',
    fate: 'note',
    message: 'the annotation vs2route/ignore names {code}, but {reason}',
    why: 'An annotation that has no effect hides what is said by that code later, when nobody expects it.',
    remedy: 'Take the code out of the annotation; `vs2route codes` lists all codes.',
    example:
      'metadata:\n  annotations:\n    vs2route/ignore: "fault-delay: a test of our own, stays as it is"',
  },
  'array-of-objects': {
    severity: 'error',
    fate: 'input',
    message: 'the document is a bare list of objects',
    why: 'kubectl refuses a list at the top of a document, so none of these objects is in the cluster.',
    remedy: 'Separate the objects with `---` lines, or put them under the `items` of a `kind: List`.',
    example: '- apiVersion: networking.istio.io/v1\n  kind: VirtualService',
  },
} as const satisfies Readonly<Record<string, CatalogEntry>>;
