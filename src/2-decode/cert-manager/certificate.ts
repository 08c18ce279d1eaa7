import { type Decoder, list, string } from '../decoder.ts';
import { object } from '../object.ts';

/**
 * A Certificate of cert-manager, as far as it tells which Secret it writes.
 *
 * @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec
 */
export interface Certificate {
  readonly secretName?: string;
  readonly dnsNames?: readonly string[];
}

export const certificate: Decoder<Certificate> = object<Certificate>(
  { secretName: string, dnsNames: list(string) },
  { open: true },
);
