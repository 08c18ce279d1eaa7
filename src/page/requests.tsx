import { useState } from 'preact/hooks';
import type { PageDetail, PageRequest, PageSide } from '../reporters/page/page-data.ts';
import { addressOf } from '../reporters/page/page-data.ts';
import { curlOf, describeRequest } from '../semantics/describe.ts';
import { CopyButton } from './parts.tsx';

const FIRST = 12;

/** The requests that prove a conversion, those that differ first. */
export function Requests({ detail }: { readonly detail: PageDetail }) {
  const { proof, requests } = detail;
  const [isWhole, setWhole] = useState(false);
  if (proof === undefined) return null;
  const shown = isWhole ? requests : requests.slice(0, FIRST);
  const differing = requests.filter(({ aspects }) => aspects.length > 0).length;
  return (
    <section class="card">
      <h2>Requests that prove it</h2>
      <p>
        Checked {proof.requests.toLocaleString('en-US')} requests before and after
        {proof.together > 1 ? `, together with ${proof.together - 1} VirtualServices of the same hosts` : ''}:{' '}
        {proof.differences === 0
          ? 'all the same'
          : `${proof.differences.toLocaleString('en-US')} differ, as listed`}
        .{proof.sampled ? ' There are more combinations than that, so some were drawn.' : ''}
        {shown.length > 0 &&
          ` The table has one request for each pair of rules${differing > 0 ? ', differences first' : ''}.`}
      </p>
      {shown.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label="Table of requests">
          <table class="requests">
            <thead>
              <tr>
                <th scope="col">Request</th>
                <th scope="col">Before</th>
                <th scope="col">After</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((one, index) => (
                <RequestRow key={index} one={one} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {shown.length < requests.length && (
        <button type="button" class="more-button" onClick={() => setWhole(true)}>
          Show {requests.length - shown.length} more
        </button>
      )}
    </section>
  );
}

function RequestRow({ one }: { readonly one: PageRequest }) {
  const { request, place, before, after, aspects } = one;
  const [text, curl] = [describeRequest(request), curlOf(request)];
  const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
  const trace = addressOf('trace');
  const params = new URLSearchParams({
    host: request.host,
    port: String(request.port),
    path: request.path,
    method: request.method,
  });
  for (const header of headers) params.append('header', header);
  for (const [name, value] of Object.entries(request.queryParams)) params.append('query', `${name}=${value}`);
  if (request.scheme === 'https') params.set('scheme', 'https');
  return (
    <tr class={aspects.length > 0 ? 'differing' : ''}>
      <td>
        <code class="request">{text}</code>
        <span class="at">
          {place}
          {aspects.length > 0 && <b> · differs in {aspects.join(', ')}</b>}
        </span>
        <span class="tools">
          <CopyButton text={curl} label={`Copy curl command of ${text}`} word="Copy curl" />
          <a href={`${trace}?${params}`}>Trace</a>
        </span>
        <code class="curl">{curl}</code>
      </td>
      <td>
        <SideOf side={before} />
      </td>
      <td>
        <SideOf side={after} />
      </td>
    </tr>
  );
}

function SideOf({ side: { outcome, rule } }: { readonly side: PageSide }) {
  return (
    <>
      {outcome}
      <span class="rule">{rule === '' ? 'no rule matches' : rule}</span>
    </>
  );
}
