import type { X509Certificate } from "node:crypto";

/**
 * Whether a certificate chains to one of the roots by its signatures, directly or through others that came with it.
 * Only configured roots are trusted, not what is sent along.
 *
 * @param at a time within the period of every certificate in the chain, milliseconds since the Unix epoch; undefined:
 * any time
 */
export function leadsToRoot(
  certificate: X509Certificate,
  {
    between,
    roots,
    at,
  }: {
    readonly between: readonly X509Certificate[];
    readonly roots: readonly X509Certificate[];
    readonly at?: number;
  },
): boolean {
  if (at !== undefined && !isValidAt(certificate, at)) return false;
  const isRoot = roots.some((root) => root.raw.equals(certificate.raw));
  if (isRoot) return true;
  // Visit each once, so that a cycle ends.
  return [...roots, ...between]
    .filter((issuer) => !issuer.raw.equals(certificate.raw) && hasIssued(issuer, certificate))
    .some((issuer) =>
      leadsToRoot(issuer, {
        between: between.filter((each) => each !== issuer),
        roots,
        ...(at !== undefined && { at }),
      }),
    );
}

function hasIssued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function isValidAt({ validFromDate, validToDate }: X509Certificate, at: number): boolean {
  return validFromDate.getTime() <= at && at <= validToDate.getTime();
}
