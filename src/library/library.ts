import type { AnyResource } from '../2-decode/resource.ts';
import { printResources as print } from '../6-emit/print.ts';
import type { Conversion } from '../conversion.ts';
import { convert as convertFiles } from '../convert.ts';
import { defaultOptions, type Options } from '../options.ts';
import type { Request } from '../semantics/request.ts';
import { type Trace, trace as traceRequest } from '../verify/trace.ts';
import { type Verification, type VerifyOptions, verify as verifyFiles } from '../verify/verify.ts';
import type { SourceFile } from '../yaml/source.ts';
import {
  checkFiles,
  checkFunction,
  checkRequest,
  checkResources,
  completeOptions,
  verifyChecks,
  verifyDefaults,
} from './check-arguments.ts';

/**
 * Converts the VirtualServices of some texts, and what they lean on.
 *
 * @param files texts to convert, each under a path of its own
 * @param facts texts that are read for what they say of Services, Gateways and the like, and left alone
 * @param options `defaultOptions` where nothing else is said
 * @param progress hears now and then how much of the work is done
 * @param beside texts of the same folders that are no manifests, such as templates, values and hidden files: the objects
 * and subsets that they name are in use
 * @returns the objects, the edits that put them in place (`applyEdits` makes them), and everything there is to say;
 * nothing is written anywhere. A fault of the texts is a diagnostic.
 * @throws ArgumentError for an argument of the wrong type, or an option that there is not
 */
export function convert(
  files: readonly SourceFile[],
  facts: readonly SourceFile[] = [],
  options: Partial<Options> = {},
  progress: (done: number, total: number) => void = () => undefined,
  beside: readonly SourceFile[] = [],
): Conversion {
  checkFiles('files', files);
  checkFiles('facts', facts);
  checkFunction('progress', progress);
  checkFiles('beside', beside);
  return convertFiles(files, facts, completeOptions(options, defaultOptions), progress, beside);
}

/**
 * Finds out whether two sets of manifests send every request and every connection to the same place, whoever wrote them.
 *
 * @param before what runs today
 * @param after what is to run
 * @param facts what both sides have, as far as they do not say otherwise: Services, for example
 * @param options without `from`, clients with sidecars and clients of waypoints have to agree
 * @returns the differences by cause, each with a request that shows it; `same` when there are none
 * @throws ArgumentError for an argument of the wrong type, or an option that there is not
 */
export function verify(
  before: readonly SourceFile[],
  after: readonly SourceFile[],
  facts: readonly SourceFile[] = [],
  options: Partial<VerifyOptions> = {},
): Verification {
  checkFiles('before', before);
  checkFiles('after', after);
  checkFiles('facts', facts);
  return verifyFiles(
    before,
    after,
    facts,
    completeOptions<VerifyOptions>(options, verifyDefaults, verifyChecks),
  );
}

/**
 * Follows one request through the VirtualServices as they are, and through the routes they would become.
 *
 * @param files what is converted
 * @param request its host decides where it is looked at: a Service inside the mesh, under any of its names, or a gateway
 * @param facts what is read for what it says of Services, Gateways and the like, and left alone
 * @returns for each proxy the rule that takes the request before and after, each rule that was asked before it, and why
 * that does not match; no views where nothing speaks of the host and the port
 * @throws ArgumentError for an argument of the wrong type, or an option that there is not
 */
export function trace(
  files: readonly SourceFile[],
  request: Request,
  facts: readonly SourceFile[] = [],
  options: Partial<Options> = {},
): Trace {
  checkFiles('files', files);
  checkRequest(request);
  checkFiles('facts', facts);
  return traceRequest(files, request, facts, completeOptions(options, defaultOptions));
}

/**
 * Prints objects as one YAML stream: documents with `---` between them, none before the first.
 *
 * @param resources objects of a conversion, as in `outputs.map(({ resource }) => resource)`
 * @throws ArgumentError for anything else
 */
export function printResources(resources: readonly AnyResource[]): string {
  checkResources(resources);
  return print(resources);
}
