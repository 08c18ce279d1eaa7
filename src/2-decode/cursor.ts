import type { Manifest } from '../1-read/manifest.ts';
import type { Arguments, Code } from '../diagnostics/catalog.ts';
import type { Place, Related, Report } from '../diagnostics/diagnostic.ts';
import type { ResourceRef } from '../diagnostics/resource-ref.ts';
import type { FieldPath } from '../yaml/source.ts';
import { pathInDocument } from '../yaml/source.ts';

/** Where a decoder stands in a manifest. Its place is worked out only when there is something to say. */
export class Cursor {
  readonly #root: Root;
  readonly #parent: Cursor | undefined;
  readonly #part: string | number;

  private constructor(root: Root, parent: Cursor | undefined, part: string | number) {
    this.#root = root;
    this.#parent = parent;
    this.#part = part;
  }

  /** @param resource whom findings are about; absent when the manifest does not say */
  static of(manifest: Manifest, resource: ResourceRef | undefined, report: Report): Cursor {
    return new Cursor({ manifest, resource, report }, undefined, '');
  }

  child(part: string | number): Cursor {
    return new Cursor(this.#root, this, part);
  }

  /** The last part of the path: the field's name, or the place in a list. */
  get part(): string | number {
    return this.#part;
  }

  /** The name of the field in a message: `hosts`, or `hosts[1]`. */
  get name(): string {
    if (typeof this.#part === 'string') return this.#part;
    return `${this.#parent === undefined ? '' : this.#parent.name}[${this.#part}]`;
  }

  /** The namespace that the manifest names, else empty. */
  get namespace(): string {
    return this.#root.resource?.namespace ?? '';
  }

  /** The `apiVersion` of the object. */
  get apiVersion(): string {
    return this.#root.manifest.apiVersion;
  }

  /** The kind of the object. */
  get kind(): string {
    return this.#root.manifest.kind;
  }

  /** From the root of the object. */
  get path(): FieldPath {
    return this.#parent === undefined ? [] : [...this.#parent.path, this.#part];
  }

  place(at: Place['at'] = 'value'): Place {
    const { manifest, resource } = this.#root;
    const { document } = manifest.source;
    const field = this.path;
    return {
      file: document.file,
      document,
      path: pathInDocument(manifest.source, field),
      field,
      at,
      ...(resource && { resource }),
    };
  }

  /** Reports something about the value here. */
  report<C extends Code>(code: C, args: Arguments<C>, related: readonly Related[] = []): void {
    this.#root.report(code, this.place(), args, related);
  }

  /** Reports something about the field's name. */
  reportKey<C extends Code>(code: C, args: Arguments<C>): void {
    this.#root.report(code, this.place('key'), args);
  }
}

/** The state that all cursors of one object share. */
interface Root {
  readonly manifest: Manifest;
  readonly resource: ResourceRef | undefined;
  readonly report: Report;
}
